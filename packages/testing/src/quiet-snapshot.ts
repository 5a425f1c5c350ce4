import type { Snapshot } from "@sluice/core/ports";

/** A minute of a provider with X = 3 in which nothing waited and nothing had failed yet. */
export function quietSnapshot(atMs: number, okCount = 0): Snapshot {
  const depth = { visibleCount: 0, inFlightCount: 0 };
  const none = { slowCount: 0, faultCount: 0, throttledCount: 0, rejectedCount: 0, unavailableCount: 0 };
  return {
    atMs,
    phase: "closed",
    limit: 3,
    maxConcurrency: 3,
    inFlightCount: 0,
    queued: { records: depth, express: depth },
    deadLetterCount: 0,
    outcomes: { okCount, ...none, lnLatencySum: 0, lnLatencySquareSum: 0 },
  };
}
