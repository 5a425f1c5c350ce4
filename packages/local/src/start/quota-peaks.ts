import { type Provider, type Quota, SLIDING_PERIOD_MS } from "@sluice/core/provider";
import { quotaDayAt } from "@sluice/core/steering/quotas";
import type { RequestSpan } from "../provider-simulator/request-log.ts";

/** A quota, and the most that its provider has seen of it. */
export interface QuotaPeak {
  readonly per: Quota["per"];
  readonly requests: number;
  /** The most starts in any one period. */
  readonly mostStarts: number;
}

/** The most starts in a period of each quota, by the instants at which the requests came. */
export function quotaPeaks(
  { quotas = [], timeZone }: Pick<Provider, "quotas" | "timeZone">,
  requests: readonly RequestSpan[],
): QuotaPeak[] {
  const startsMs = requests.map(({ startedAtMs }) => startedAtMs).toSorted((one, other) => one - other);
  return quotas.map((quota) => ({
    per: quota.per,
    requests: quota.requests,
    mostStarts:
      quota.per === "day"
        ? mostOnDay(startsMs, (atMs) => quotaDayAt(timeZone, quota, atMs).name)
        : mostWithin(startsMs, SLIDING_PERIOD_MS[quota.per]),
  }));
}

function mostOnDay(startsMs: readonly number[], dayOf: (atMs: number) => string): number {
  const counts = new Map<string, number>();
  for (const atMs of startsMs) counts.set(dayOf(atMs), (counts.get(dayOf(atMs)) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** The most instants in any stretch of time that is shorter than the period. */
function mostWithin(startsMs: readonly number[], periodMs: number): number {
  let most = 0;
  let first = 0;
  for (const [at, startMs] of startsMs.entries()) {
    while (startMs - (startsMs[first] ?? startMs) >= periodMs) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}
