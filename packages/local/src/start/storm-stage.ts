import { lastRiseFromZeroMinute, type SimulatedProvider, valueAt } from "@sluice/sim/provider-simulator";

/** The stage of a storm, in words for people. */
export type StormStage = "healthy" | "slow" | "brownout" | "outage" | "slow recovery";

/**
 * The stage that a provider's weather is in. Faults and lost capacity make a brownout, or after an outage a slow
 * recovery.
 */
export function stormStageAt(provider: SimulatedProvider, elapsedMinutes: number): StormStage {
  const { capacity, faultRatio, latencyFactor, maxConcurrency } = provider;
  const fullCount = valueAt(capacity, elapsedMinutes);
  if (fullCount === 0) return "outage";
  const isWeak = fullCount < maxConcurrency || valueAt(faultRatio, elapsedMinutes) > 0;
  const isSlow = valueAt(latencyFactor, elapsedMinutes) > 1;
  const sinceOutageMinutes = elapsedMinutes - lastRiseFromZeroMinute(capacity, elapsedMinutes);
  if (isRampingUp(provider, fullCount, sinceOutageMinutes)) return "slow recovery";
  if (isWeak) return Number.isFinite(sinceOutageMinutes) ? "slow recovery" : "brownout";
  return isSlow ? "slow" : "healthy";
}

function isRampingUp({ fragile }: SimulatedProvider, fullCount: number, sinceOutageMinutes: number): boolean {
  return fragile !== null && 1 + Math.floor(sinceOutageMinutes * fragile.rampPerMinute) < fullCount;
}
