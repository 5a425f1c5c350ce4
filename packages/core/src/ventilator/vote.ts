import type { Vote } from "../law/evidence.ts";
import type { TaskResult } from "./batch.ts";

/** Faults of one record that speak of the provider. */
const VOTES_MAX = 2;

/**
 * The vote of an outcome. A record that fails although others have succeeded since its first fault is to blame itself: a
 * poison record votes once. While no record succeeds it may be an outage, or the last few records of the day may all be
 * bad: then each votes twice at most.
 */
export function voteOf(
  { firstFaultAtMs, attempt = 1 }: Pick<TaskResult, "firstFaultAtMs" | "attempt">,
  lastOkAtMs: number,
): Vote {
  if (firstFaultAtMs === undefined) return "provider";
  return attempt > VOTES_MAX || isToBlame(firstFaultAtMs, lastOkAtMs) ? "record" : "provider";
}

/** True for a record that has failed before, with a success of the provider since. */
export function isToBlame(firstFaultAtMs: number | undefined, lastOkAtMs: number): boolean {
  return firstFaultAtMs !== undefined && lastOkAtMs >= firstFaultAtMs;
}
