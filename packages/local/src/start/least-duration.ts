import { type SimulatedProvider, valueAt } from "@sluice/sim/provider-simulator";

const STEP_MS = 1_000;
/** Longer than anyone waits for a run on a machine. */
const LOOK_AHEAD_MS = 24 * 60 * 60_000;

/**
 * The time that a provider takes for so many records if it is never idle, and nothing is fetched in vain: the breaker's
 * caution, retries, quotas and closings come on top. Plus infinity if it takes more than a day.
 */
export function leastDurationMs(provider: SimulatedProvider, recordCount: number): number {
  const { maxConcurrency, capacity, faultRatio, latencyFactor } = provider;
  const meanMs = meanLatencyMs(provider.latency);
  let served = 0;
  for (let atMs = 0; atMs < LOOK_AHEAD_MS; atMs += STEP_MS) {
    const minute = atMs / 60_000;
    const inFlightCount = Math.min(maxConcurrency, valueAt(capacity, minute));
    const goodRatio = 1 - valueAt(faultRatio, minute);
    const perStep = (inFlightCount * goodRatio * STEP_MS) / (meanMs * valueAt(latencyFactor, minute));
    if (served + perStep >= recordCount) return atMs + (STEP_MS * (recordCount - served)) / perStep;
    served += perStep;
  }
  return Number.POSITIVE_INFINITY;
}

/** The mean of log-normal latencies, kept within the bounds that cut them. */
function meanLatencyMs(latency: SimulatedProvider["latency"]): number {
  const parts = "mix" in latency ? latency.mix : [{ share: 1, ...latency }];
  const meanMs = parts.reduce(
    (sum, { share, medianMs, sigma }) => sum + share * medianMs * Math.exp(sigma ** 2 / 2),
    0,
  );
  return Math.min(latency.maxMs, Math.max(latency.minMs, meanMs));
}
