import type { ByLane } from "../../provider/lane.ts";
import type { Provider } from "../../provider/provider.ts";
import { bulkRequestsOf, type DayQuota } from "../../provider/quota.ts";
import { type Pace, paceOf } from "./pace.ts";

/** A provider's quotas, as they act together. */
export interface QuotaTerms {
  /** Absent without a sliding quota. */
  readonly pace?: Pace;
  /** Absent without a day's quota. */
  readonly day?: DayQuota & { readonly timeZone: string; readonly usedAtMost: ByLane<number> };
}

/** The terms of a provider; undefined if it has no quotas. */
export function quotaTermsOf({
  quotas,
  timeZone,
}: Pick<Provider, "quotas" | "timeZone">): QuotaTerms | undefined {
  if (quotas === undefined) return undefined;
  const pace = paceOf(quotas);
  const day = quotas.find((quota) => quota.per === "day");
  const usedAtMost = day && { records: bulkRequestsOf(day), express: day.requests };
  return {
    ...(pace !== undefined && { pace }),
    ...(day !== undefined && usedAtMost !== undefined && { day: { ...day, timeZone, usedAtMost } }),
  };
}
