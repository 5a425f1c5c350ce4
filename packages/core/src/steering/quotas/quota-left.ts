import type { QuotaState } from "../../ports/quota-store.ts";
import type { Provider } from "../../provider/provider.ts";
import { bulkRequestsOf, SLIDING_PERIOD_MS } from "../../provider/quota.ts";
import { dayKindOf, quotaDayAt } from "./quota-day.ts";
import { freeFromFor, usedBefore } from "./quota-steps.ts";
import { spacingOf } from "./spacing.ts";

/** The starts that a quota has left. */
export type QuotaLeft =
  /** Of the period that begins now: those whose turn nobody has reserved yet. */
  | {
      readonly per: "second" | "minute" | "hour";
      readonly requests: number;
      readonly leftCount: number;
    }
  /** Until the reset, for all and for the bulk alone. */
  | {
      readonly per: "day";
      readonly requests: number;
      readonly usedCount: number;
      readonly leftCount: number;
      readonly bulkRequests: number;
      readonly bulkLeftCount: number;
      readonly resetsAtMs: number;
    };

/** The starts that each quota of a provider has left. */
export function quotasLeft(
  { quotas = [], timeZone }: Pick<Provider, "quotas" | "timeZone">,
  state: QuotaState,
  nowMs: number,
): readonly QuotaLeft[] {
  const intervalMs = spacingOf(quotas)?.intervalMs ?? 0;
  return quotas.map((quota): QuotaLeft => {
    const { requests } = quota;
    if (quota.per !== "day") {
      const freeFromMs = freeFromFor(state, { intervalMs, longestMs: intervalMs });
      const freeMs = SLIDING_PERIOD_MS[quota.per] - Math.max(0, freeFromMs - nowMs);
      const leftCount = Math.min(requests, Math.max(0, Math.floor(freeMs / intervalMs)));
      return { per: quota.per, requests, leftCount };
    }
    const day = quotaDayAt(timeZone, quota, nowMs);
    const usedCount = usedBefore(state, { ...day, kind: dayKindOf({ ...quota, timeZone }) });
    const bulkRequests = bulkRequestsOf(quota);
    return {
      per: "day",
      requests,
      usedCount,
      leftCount: Math.max(0, requests - usedCount),
      bulkRequests,
      bulkLeftCount: Math.max(0, bulkRequests - usedCount),
      resetsAtMs: day.endsAtMs,
    };
  });
}
