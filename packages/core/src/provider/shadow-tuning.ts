import * as z from "zod";

/** Numbers of the law that may be tried in the shadow of those in force, each with its least and its largest value. */
export const SHADOW_RANGES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  settlingMeans: [0, 100],
  usualFaultShare: [0.001, 0.9],
  faultShareRise: [0.01, 1],
  usualSlowShare: [0.001, 0.9],
  slowShareRise: [0.01, 1],
  badAt: [1, 1_000],
  goodAt: [-1_000, -0.1],
  usualThrottledShare: [0.001, 0.9],
  throttledShareRise: [0.01, 1],
  throttledAt: [1, 1_000],
  latencyRise: [0.05, 10],
  latencyZ: [0.5, 100],
  latencyWindows: [1, 100],
  latencyRest: [0.01, 10],
  latencyRestZ: [0.5, 100],
  latencyWeight: [0.001, 1],
  cut: [0.1, 0.99],
  comparedCount: [1, 100_000],
  latencyCutMin: [0.05, 1],
  latencyGain: [0.01, 10],
  shareGainZ: [0.1, 100],
  doubtCount: [1, 1_000_000],
  backgroundMargin: [0, 0.5],
  backgroundMemory: [1, 1_000_000],
  backgroundMax: [0, 0.95],
  recoverPaces: [0, 1_000],
  recoverMaxPaces: [0, 1_000],
  growth: [0, 0.5],
  priceAt: [0.1, 1_000],
  paidAt: [0.1, 1_000],
  ceilingPaces: [0, 10_000],
  ceilingMaxPaces: [0, 10_000],
  refusalCeilingMaxPaces: [0, 10_000],
  heldCutMin: [0.05, 1],
  heldCeilingHolds: [0, 10_000],
  heldCeilingMaxHolds: [0, 10_000],
  trippedCeilingHolds: [0, 10_000],
  trippedCeilingMaxHolds: [0, 10_000],
  heldStepHolds: [0.1, 10_000],
  usualRejectedShare: [0.001, 0.99],
  allRejectedShare: [0.01, 0.9999],
  tripAt: [1, 1_000],
  tripRelief: [0.01, 1_000],
  trialPaces: [0, 1_000],
  floorBadShare: [0.01, 1],
  firstProbePaces: [0.1, 1_000],
  probePaces: [0.1, 1_000],
  openMaxPaces: [0.1, 1_000],
  doubtfulProbes: [1, 1_000],
  environmentPaces: [0.1, 1_000],
  valveProbes: [0, 1_000],
  flappingValveProbes: [0, 1_000],
  flappingPaces: [0, 10_000],
  relapseMemoryPaces: [0, 100_000],
  restartLimit: [1, 1_000],
  rampFactor: [1, 100],
  usedShare: [0.01, 1],
};

/** The numbers of the law that are counts of requests or permits, and so whole. */
const WHOLE: ReadonlySet<string> = new Set(["restartLimit"]);

/** Numbers of the law to try, by name, within {@link SHADOW_RANGES}; the others are as in force. */
export type ShadowTuning = Readonly<Record<string, number>>;

/** Parses the numbers of a shadow. An error names the number and what it may be, or the numbers that there are. */
export const shadowTuningSchema: z.ZodType<ShadowTuning> = z
  .record(z.string(), z.unknown(), "must be an object of numbers of the law")
  .check(({ value, issues }) => {
    for (const [name, input] of Object.entries(value)) {
      const message = problemOf(name, input);
      if (message !== undefined) issues.push({ code: "custom", message, path: [name], input });
    }
  }) as unknown as z.ZodType<ShadowTuning>;

function problemOf(name: string, input: unknown): string | undefined {
  const range = Object.hasOwn(SHADOW_RANGES, name) ? SHADOW_RANGES[name] : undefined;
  if (range === undefined) {
    return `is no number of the law, choose from ${Object.keys(SHADOW_RANGES).join(", ")}`;
  }
  const [min, max] = range;
  const isWhole = WHOLE.has(name);
  const isLegal = isWhole ? Number.isInteger(input) : Number.isFinite(input);
  if (isLegal && Number(input) >= min && Number(input) <= max) return undefined;
  return `must be a ${isWhole ? "whole " : ""}number from ${min} to ${max}`;
}
