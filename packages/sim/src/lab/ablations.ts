import { createSluiceLaw, SLUICE_TUNING, type SluiceTuning } from "@sluice/core/law";
import { WAKE_EVERY_MS } from "@sluice/core/waker";
import type { LawSetup } from "../laws/law-setup.ts";

/** Numbers that switch a part of Sluice's law off, by the part's name. */
const PARTS: Readonly<Record<string, Partial<SluiceTuning>>> = {
  settling: { settlingMeans: 0 },
  "slow-test": { slowShareRise: 1 },
  "latency-test": { latencyRise: Number.POSITIVE_INFINITY, latencyRest: Number.POSITIVE_INFINITY },
  "littles-cut": { latencyCutMin: SLUICE_TUNING.cut },
  "response-check": { comparedCount: Number.POSITIVE_INFINITY },
  "price-test": { priceAt: Number.POSITIVE_INFINITY, paidAt: Number.NEGATIVE_INFINITY },
  ceiling: { ceilingPaces: 0, ceilingMaxPaces: 0, refusalCeilingMaxPaces: 0 },
  ramp: { rampFactor: 1 },
  "outage-trip": { tripAt: Number.POSITIVE_INFINITY },
  "suspect-raises": { trialPaces: Number.NEGATIVE_INFINITY },
  care: { recoverPaces: 1, recoverMaxPaces: 1 },
  "relapse-wait": { openMaxPaces: SLUICE_TUNING.probePaces },
  "kept-valve": { valveProbes: 0, flappingValveProbes: 0 },
  "flapping-valve": { flappingValveProbes: SLUICE_TUNING.valveProbes },
};

/** Sluice's law without one of its parts each: its loss is the worth of the part. */
export const ABLATIONS: readonly LawSetup[] = Object.entries(PARTS).map(([part, change]) => {
  const name = `sluice-without-${part}`;
  return {
    name,
    law: createSluiceLaw({ ...SLUICE_TUNING, ...change }, name),
    seesEachReport: false,
    groups: "per-record",
    wakeEveryMs: WAKE_EVERY_MS,
  };
});
