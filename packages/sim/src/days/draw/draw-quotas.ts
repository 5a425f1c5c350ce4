import type { ProviderInput, QuotaInput } from "@sluice/core/provider";
import type { Lots } from "../../provider-simulator/lots.ts";

const RESETS = [undefined, undefined, "00:00", "09:00", "02:30", "23:45"] as const;

/** Draws the quotas of a provider; two days in three have none. Most bind: their pace is below what X allows. */
export function drawQuotas(
  { maxConcurrency, latency }: ProviderInput,
  recordCount: number,
  lots: Lots,
): Pick<ProviderInput, "quotas"> {
  if (!lots.chance(0.35)) return {};
  const callsASecond = (1_000 * maxConcurrency) / Math.max(50, latency.medianMs);
  const quotas: QuotaInput[] = [];
  const perSecond = () => callsASecond * lots.logBetween(0.1, 2);
  if (lots.chance(0.4)) quotas.push({ requests: atLeastOne(4 * perSecond()), per: "second" });
  if (lots.chance(0.6)) quotas.push({ requests: atLeastOne(60 * perSecond()), per: "minute" });
  if (lots.chance(0.2)) quotas.push({ requests: atLeastOne(3_600 * perSecond()), per: "hour" });
  if (quotas.length === 0 || lots.chance(0.4)) quotas.push(drawDayQuota(recordCount, lots));
  return { quotas };
}

function drawDayQuota(recordCount: number, lots: Lots): QuotaInput {
  const resetsAt = lots.pick(RESETS);
  return {
    // Enough that a backlog is done in days, not weeks, with retries.
    requests: Math.max(20, Math.round(recordCount * lots.logBetween(0.5, 4))),
    per: "day",
    ...(resetsAt !== undefined && { resetsAt }),
    ...(lots.chance(0.3) && { spread: true }),
    ...(lots.chance(0.3) && { reserve: lots.pick([0, 0.2, 0.5]) }),
  };
}

/** A quota that is not so small that its day would not end. */
function atLeastOne(requests: number): number {
  return Math.max(2, Math.round(requests));
}
