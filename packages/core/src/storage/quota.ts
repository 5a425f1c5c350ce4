import type { QuotaRequest, QuotaState } from "../ports/quota-store.ts";

/** The item of a provider of which nothing was ever reserved. */
export const NOTHING_RESERVED: QuotaState = { freeFromMs: 0, day: "", usedCount: 0 };

/**
 * The write that a reservation needs, by the item: `busy` or `idle`, whether the spacing is ahead of the clock; `same` or
 * `new`, whether the day has begun. Undefined if it is to be refused.
 */
export interface QuotaStep {
  readonly spacing: "busy" | "idle" | "none";
  readonly day: "same" | "new" | "none";
}

/** The step for an item. */
export function quotaStepOf(
  { freeFromMs, day: stored, usedCount }: QuotaState,
  { count, nowMs, spacing, day }: QuotaRequest,
): QuotaStep | undefined {
  if (spacing !== undefined && freeFromMs > nowMs + spacing.aheadMaxMs) return undefined;
  const spacingStep = spacing === undefined ? "none" : freeFromMs > nowMs ? "busy" : "idle";
  if (day === undefined) return { spacing: spacingStep, day: "none" };
  // A clock that is behind asks for a day that is over.
  if (stored > day.name) return undefined;
  const isSame = stored === day.name;
  if ((isSame ? usedCount : 0) + count > day.usedAtMost) return undefined;
  return { spacing: spacingStep, day: isSame ? "same" : "new" };
}

/** The length of a reservation in time, in ms, to a hundredth, which intervals are whole multiples of. */
export function reservedMs({ count, spacing }: QuotaRequest): number {
  return Math.round(count * (spacing?.intervalMs ?? 0) * 100) / 100;
}
