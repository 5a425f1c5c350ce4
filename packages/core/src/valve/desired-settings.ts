import type { ValveSettings } from "../ports/valve.ts";
import type { ValveNotes } from "./valve-notes.ts";

/** Settings that the breaker wants of a valve, and the circumstances of the wish. */
export interface DesiredSettings {
  readonly settings: ValveSettings;
  readonly epoch: number;
  /** The end of the hold on the gate; 0 if there never was one. */
  readonly heldUntilMs: number;
}

/** A hold that lasts longer than this shuts the valve as well: until then it is not worth two updates. */
const LONG_HOLD_MS = 3 * 60_000;
/** The valve is opened this long before a hold ends, because an update takes its time. */
const OPENING_MS = 45_000;
/** A process that carries out a decision is late by seconds; settings of an earlier epoch after this are not late. */
const LATE_MS = 60_000;

/** Whether a process that decided later was quicker here. */
export function isOvertaken(
  { epoch }: DesiredSettings,
  { epoch: turnedFor = 0, turnedAtMs = 0 }: ValveNotes,
  nowMs: number,
): boolean {
  return turnedFor > epoch && nowMs - turnedAtMs < LATE_MS;
}

/** The settings with a hold in mind: a valve that is shut stays so until it is nearly over; an open one is shut by a long one only. */
export function settingsWhileHeld(
  { settings, heldUntilMs }: DesiredSettings,
  { applied }: ValveNotes,
  nowMs: number,
): ValveSettings {
  const isShut = applied?.settings.isEnabled === false;
  const isHeld = heldUntilMs - nowMs > (isShut ? OPENING_MS : LONG_HOLD_MS);
  return isHeld ? { ...settings, isEnabled: false } : settings;
}
