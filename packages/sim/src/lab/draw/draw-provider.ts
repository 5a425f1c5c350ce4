import type { Lots } from "../../provider-simulator/lots.ts";
import type { LatencyMix, SimulatedProvider } from "../../provider-simulator/scenario.ts";

/** The part of a provider that lasts for the whole scenario. */
export type DrawnProvider = Omit<SimulatedProvider, "capacity" | "faultRatio" | "latencyFactor" | "fragile">;

const LATENCY_MAX_MS = 70_000;
const TIMEOUT_MAX_MS = 300_000;

/** Draws contract, latency and ways of a provider. */
export function drawProvider(lots: Lots): DrawnProvider {
  const maxConcurrency = drawMaxConcurrency(lots);
  const medianMs = Math.round(lots.logBetween(5, lots.chance(0.2) ? 40_000 : 5_000));
  const sigma = lots.pick([0, 0.3, 0.5, 0.8, 0.8, 1, 1.5, 2]);
  const timeoutMs = drawTimeoutMs(medianMs, lots);
  return {
    maxConcurrency,
    slowAfterMs: Math.max(1, Math.round(Math.min(timeoutMs, medianMs * lots.logBetween(1.5, 20)))),
    timeoutMs,
    latency: lots.chance(0.15)
      ? drawMix(medianMs, sigma, lots)
      : { medianMs, sigma, minMs: Math.min(5, medianMs), maxMs: LATENCY_MAX_MS },
    overload: {
      mode: lots.pick(["reject", "reject", "stretch", "collapse", "hang"]),
      exponent: lots.pick([0.5, 1, 1.5, 2, 3]),
      retryAfterSeconds: lots.chance(0.55) ? null : lots.pick([0, 2, 5, 10, 30, 60, 300, 1_800, 3_600]),
    },
    poisonRatio: lots.chance(0.25) ? lots.pick([0.002, 0.01, 0.03, 0.1]) : 0,
    rejectedRatio: lots.chance(0.2) ? lots.pick([0.01, 0.1, 0.3]) : 0,
  };
}

function drawMaxConcurrency(lots: Lots): number {
  if (lots.chance(0.08)) return 1;
  if (lots.chance(0.04)) return 300;
  return lots.logWhole(2, 60);
}

/** Most time-outs are 1.5 to 20 medians, some far beyond, and one in ten of the calls may reach the short ones. */
function drawTimeoutMs(medianMs: number, lots: Lots): number {
  const factor = lots.chance(0.15) ? lots.logBetween(20, 200) : lots.logBetween(1.5, 20);
  return Math.round(Math.min(TIMEOUT_MAX_MS, Math.max(100, medianMs * factor)));
}

/** Most calls are of one kind, a few of a kind that takes much longer. */
function drawMix(medianMs: number, sigma: number, lots: Lots): LatencyMix {
  const share = lots.pick([0.7, 0.9, 0.95, 0.98]);
  const longMs = Math.min(LATENCY_MAX_MS, medianMs * lots.logBetween(3, 100));
  const mix = [
    { share, medianMs, sigma },
    { share: 1 - share, medianMs: longMs, sigma: 0.5 },
  ];
  return { mix, minMs: Math.min(5, medianMs), maxMs: LATENCY_MAX_MS };
}
