import type { ValveSettings } from "../ports/valve.ts";
import type { ValveNotes } from "./valve-notes.ts";

/** Share of the maximum concurrency below which a change is none; permits do the fine work. */
const DEAD_BAND = 0.2;
/** Time for which a change that only saves invocations must have been wanted. */
const SETTLED_AFTER_MS = 120_000;
/** Least age of the last change before one that can wait: AWS refuses updates while it applies one. */
const TURN_EVERY_MS = 90_000;

/**
 * True if a valve is to be turned now from the settings in force to those wanted. Shutting and opening can't
 * wait, nor can a limit that outgrows the maximum concurrency: permits would lie idle. The rest waits until
 * it is sure.
 */
export function isWorthTurning(
  inForce: ValveSettings,
  wanted: ValveSettings,
  notes: ValveNotes,
  nowMs: number,
): boolean {
  if (inForce.isEnabled !== wanted.isEnabled) return true;
  if (!wanted.isEnabled) return false;
  if (inForce.batchSize === wanted.batchSize && isWithinDeadBand(inForce, wanted)) return false;
  if (wanted.maximumConcurrency >= inForce.maximumConcurrency * (1 + DEAD_BAND)) return true;
  if (nowMs - (notes.turnedAtMs ?? Number.NEGATIVE_INFINITY) < TURN_EVERY_MS) return false;
  if (wanted.maximumConcurrency > inForce.maximumConcurrency) return true;
  return nowMs - (notes.wantedSinceMs ?? nowMs) >= SETTLED_AFTER_MS;
}

function isWithinDeadBand(inForce: ValveSettings, wanted: ValveSettings): boolean {
  const { maximumConcurrency } = inForce;
  // Downwards only: a maximum below the limit would leave permits idle.
  return (
    wanted.maximumConcurrency <= maximumConcurrency &&
    wanted.maximumConcurrency > maximumConcurrency * (1 - DEAD_BAND)
  );
}
