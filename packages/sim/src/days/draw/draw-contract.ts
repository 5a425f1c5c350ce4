import type { ProviderInput } from "@sluice/core/provider";
import type { Lots } from "../../provider-simulator/lots.ts";

/** Zones with and without summer time, whole hours and not. */
const TIME_ZONES = [
  "UTC",
  "Europe/Zurich",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
] as const;

/** Draws a provider's contract: X from 1 to 50, at times hundreds; calls of 5 ms to 70 s. */
export function drawContract(lots: Lots): ProviderInput {
  const maxConcurrency = drawMaxConcurrency(lots);
  const latency = drawLatency(lots);
  const timeoutMs = drawTimeoutMs(latency, lots);
  // In most contracts no call of a healthy provider lasts until the time-out, in some a few in a hundred do.
  const longestMs = lots.chance(0.8) ? Math.floor(timeoutMs * 0.9) : timeoutMs;
  return {
    id: "sim",
    timeZone: lots.pick(TIME_ZONES),
    maxConcurrency,
    slowAfterMs: Math.max(1, Math.round(Math.min(timeoutMs, latency.medianMs * lots.logBetween(2, 10)))),
    timeoutMs,
    latency: { ...latency, maxMs: Math.max(latency.medianMs, Math.min(latency.maxMs, longestMs)) },
    worker: { name: "demo" },
    ...(lots.chance(0.5) && { maxAttempts: lots.pick([1, 2, 3, 4, 5, 6, 8]) }),
    ...(lots.chance(0.3) && { backOff: drawBackOff(lots) }),
    ...(lots.chance(0.2) && { breaker: { paceMs: lots.pick([5_000, 10_000, 40_000]) } }),
  };
}

/** Draws X. */
export function drawMaxConcurrency(lots: Lots): number {
  if (lots.chance(0.12)) return 1;
  if (lots.chance(0.04)) return lots.pick([120, 300, 500]);
  return lots.logWhole(2, 50);
}

/** Draws the usual latency of calls. */
export function drawLatency(lots: Lots): ProviderInput["latency"] {
  const medianMs = Math.round(lots.logBetween(5, lots.chance(0.15) ? 40_000 : 5_000));
  const sigma = lots.pick([0, 0.3, 0.8, 1, 1.5, 2]);
  return { medianMs, sigma, minMs: Math.min(5, medianMs), maxMs: 70_000 };
}

/** Draws a time-out that few calls reach: 1.9 standard deviations leave three in a hundred beyond. */
function drawTimeoutMs({ medianMs, sigma }: ProviderInput["latency"], lots: Lots): number {
  const leastMs = Math.max(200, medianMs * Math.exp(1.9 * sigma));
  return Math.round(Math.min(120_000, Math.max(leastMs, medianMs * lots.logBetween(2, 30))));
}

function drawBackOff(lots: Lots): { firstMs: number; maxMs: number } {
  const firstMs = lots.logWhole(1, 60) * 1_000;
  return { firstMs, maxMs: Math.max(firstMs, lots.logWhole(10, 1_800) * 1_000) };
}
