import type { Latency, Provider, ProviderInput } from "@sluice/core/provider";
import { calmScenario, type Scenario } from "@sluice/sim/provider-simulator";

/** The built-in storm of a provider. */
export interface Storm {
  /** The provider at the storm's pace; options that it leaves out follow from the defaults. */
  readonly provider: ProviderInput;
  readonly scenario: Scenario;
}

/** Number of records of a storm run that names none: at X = 10 they last until well after the recovery. */
export const STORM_RECORD_COUNT = 1_200;
/** The breaker's pace in a storm: an hour of production takes a minute and a half here, and the law's time with it. */
export const STORM_PACE_MS = 2_000;

/** Calls long enough to be watched: X = 10 makes some thirty records a second. */
const MEDIAN_MS = 250;
/** Converts seconds from the start to the minutes of a time line. */
const minuteAt = (seconds: number) => seconds / 60;

/**
 * A provider's bad day in a minute and a half: healthy, brownout (a third of the capacity, calls three times as long),
 * outage, slow recovery, healthy again.
 */
export function stormOf(provider: Provider): Storm {
  const latency = latencyOf(provider);
  const stormy: ProviderInput = {
    ...provider,
    latency,
    // Records in flight when an outage begins fail through no fault of theirs, and again in each brownout.
    maxAttempts: Math.max(8, provider.maxAttempts),
    backOff: { firstMs: 1_000, maxMs: 4_000 },
    breaker: { paceMs: STORM_PACE_MS },
  };
  const calm = calmScenario({ ...provider, latency });
  const scenario = { ...calm, name: "storm", durationMinutes: 2 };
  return {
    provider: stormy,
    scenario: { ...scenario, provider: { ...calm.provider, ...weatherOf(provider) } },
  };
}

function weatherOf({
  maxConcurrency,
}: Provider): Pick<Scenario["provider"], "capacity" | "faultRatio" | "latencyFactor"> {
  const share = (part: number) => Math.max(1, Math.round(maxConcurrency * part));
  return {
    capacity: [
      [0, maxConcurrency],
      [minuteAt(18), share(0.3)],
      [minuteAt(33), 0],
      [minuteAt(53), share(0.2)],
      [minuteAt(60), share(0.5)],
      [minuteAt(68), maxConcurrency],
    ],
    faultRatio: [
      [0, 0],
      [minuteAt(18), 0.1],
      [minuteAt(53), 0],
    ],
    latencyFactor: [
      [0, 1],
      [minuteAt(18), 3],
      [minuteAt(53), 1.5],
      [minuteAt(68), 1],
    ],
  };
}

/** The latency of a storm: within the provider's timeout even three times as long. */
function latencyOf({ timeoutMs }: Provider): Latency {
  const medianMs = Math.max(1, Math.min(MEDIAN_MS, Math.floor(timeoutMs / 10)));
  return { medianMs, sigma: 0.4, minMs: Math.floor(medianMs / 5), maxMs: Math.min(timeoutMs, 8 * medianMs) };
}
