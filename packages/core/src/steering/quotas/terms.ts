import type { ByLane } from "../../provider/lane.ts";
import type { Provider } from "../../provider/provider.ts";
import { bulkRequestsOf, type DayQuota } from "../../provider/quota.ts";
import { type Spacing, spacingOf } from "./spacing.ts";

/** A provider's quotas, as they act together. */
export interface QuotaTerms {
  /** Absent without a sliding quota. */
  readonly spacing?: Spacing;
  /** Absent without a day's quota. */
  readonly day?: DayQuota & { readonly timeZone: string; readonly usedAtMost: ByLane<number> };
}

/** The terms of a provider; undefined if it has no quotas. */
export function quotaTermsOf({
  quotas,
  timeZone,
}: Pick<Provider, "quotas" | "timeZone">): QuotaTerms | undefined {
  if (quotas === undefined) return undefined;
  const spacing = spacingOf(quotas);
  const day = quotas.find((quota) => quota.per === "day");
  const usedAtMost = day && { records: bulkRequestsOf(day), express: day.requests };
  return {
    ...(spacing !== undefined && { spacing }),
    ...(day !== undefined && usedAtMost !== undefined && { day: { ...day, timeZone, usedAtMost } }),
  };
}
