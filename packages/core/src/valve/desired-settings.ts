import type { ValveSettings } from "../ports/valve.ts";
import type { ValveNotes } from "./valve-notes.ts";

/** Settings that the breaker wants of a valve, with their epoch and the hold on the gate. */
export interface DesiredSettings {
  readonly settings: ValveSettings;
  readonly epoch: number;
  /** The end of the hold on the gate; 0 if there never was one. */
  readonly heldUntilMs: number;
  /** The end of what contract and operators hold it for; 0 if they don't. */
  readonly plannedUntilMs: number;
  /** The end of the lane's wait for a quota; absent where that is not known. */
  readonly quotaHeldUntilMs?: number;
}

/**
 * Length above which a hold shuts the valve as well. A shorter one is not worth two updates: each takes up to a
 * minute, while ventilators wait at the gate all the same.
 */
const LONG_HOLD_MS = 2 * 60_000;
/** Time before its planned end at which a shut valve is opened: it is looked at each minute, and then takes up to one. */
const PLANNED_OPENING_MS = 125_000;
/** Time before the end of a hold at which the valve is opened, because an update takes its time. */
const OPENING_MS = 45_000;
/** Time after a turn in which settings of an earlier epoch are late: a decision is carried out in seconds. */
const LATE_MS = 60_000;

/** True if a process that decided later was quicker to turn this valve. */
export function isOutdated(
  { epoch }: DesiredSettings,
  { epoch: turnedFor = 0, turnedAtMs = 0 }: ValveNotes,
  nowMs: number,
): boolean {
  return turnedFor > epoch && nowMs - turnedAtMs < LATE_MS;
}

/**
 * The settings under a hold: a valve that is shut stays so until the hold is nearly over; an open one is shut
 * by a long hold only. The end of one that is planned is met to the second: ventilators wait for it at the gate.
 */
export function settingsWhileHeld(
  { settings, heldUntilMs, plannedUntilMs }: DesiredSettings,
  { applied, quotaHeldUntilMs = 0 }: ValveNotes,
  nowMs: number,
): ValveSettings {
  const isShut = applied?.settings.isEnabled === false;
  const isHeld = Math.max(heldUntilMs, quotaHeldUntilMs) - nowMs > (isShut ? OPENING_MS : LONG_HOLD_MS);
  const isPlanned = plannedUntilMs - nowMs > PLANNED_OPENING_MS;
  return isHeld || isPlanned ? { ...settings, isEnabled: false } : settings;
}
