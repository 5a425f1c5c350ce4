import type { QuotaRequest, QuotaState } from "../ports/quota-store.ts";

/** The item of a provider of which nothing was ever reserved. */
export const NOTHING_RESERVED: QuotaState = { freeFromMs: 0, day: "", usedCount: 0 };

/**
 * The write that a reservation needs, by the item: `busy` or `idle`, whether the pace is ahead of the clock; `same` or
 * `new`, whether the day has begun. Undefined if it is to be refused.
 */
export interface QuotaStep {
  readonly pace: "busy" | "idle" | "none";
  readonly day: "same" | "new" | "none";
}

/** The step for an item. */
export function quotaStepOf(
  { freeFromMs, day: stored, usedCount }: QuotaState,
  { count, nowMs, pace, day }: QuotaRequest,
): QuotaStep | undefined {
  if (pace !== undefined && freeFromMs > nowMs + pace.aheadMaxMs) return undefined;
  const paceStep = pace === undefined ? "none" : freeFromMs > nowMs ? "busy" : "idle";
  if (day === undefined) return { pace: paceStep, day: "none" };
  // A clock that is behind asks for a day that is over.
  if (stored > day.name) return undefined;
  const isSame = stored === day.name;
  if ((isSame ? usedCount : 0) + count > day.usedAtMost) return undefined;
  return { pace: paceStep, day: isSame ? "same" : "new" };
}

/** The length of a reservation in time, in ms. */
export function reservedMs({ count, pace }: QuotaRequest): number {
  return count * (pace?.intervalMs ?? 0);
}
