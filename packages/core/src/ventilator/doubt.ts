import { providerDay } from "../provider/day.ts";
import type { GrantedAttempt } from "./batch.ts";
import { NO_ANSWERS } from "./known-answers.ts";

/** Rejections in a row, of any records, from which on one more may not be its record's own. */
const OWN_IN_A_ROW_MAX = 10;
/** Rejections of one record on a day from which on it is dead all the same: a backlog may be unknown as a whole. */
const REJECTIONS_MAX = 5;

/**
 * True for a rejection that may be due to a wrong address, wrong credentials or a changed contract rather than to its
 * record: it is the record's first on its provider day, nothing was fetched yet on that day, or many were rejected in a
 * row. Never of a dead letter that was put back.
 */
export function isInDoubt(
  { task, claim, rejectionCount = 0 }: Pick<GrantedAttempt, "task" | "claim" | "rejectionCount">,
  timeZone: string,
): boolean {
  // Whoever puts dead letters back says that they are worth one call each.
  if (task.received.isRedriven) return false;
  // Probes go on for as long as a wrong address is not mended, and would use up any number.
  if (!task.isProbe && rejectionCount + 1 >= REJECTIONS_MAX) return false;
  // At full flow hundreds are rejected before anybody can know that all are; a pace later everybody does.
  if (rejectionCount === 0) return true;
  const { lastOkAtMs, rejectedSinceOkCount } = task.known ?? NO_ANSWERS;
  return rejectedSinceOkCount >= OWN_IN_A_ROW_MAX || providerDay(timeZone, lastOkAtMs) !== claim.day;
}
