import type { Latency } from "@sluice/core/provider";
import { ASSUMED_MAPPING } from "../event-source-mapping/assumed-mapping.ts";
import type { LatencyMix, LatencyPart, Scenario, SimulatedProvider } from "./scenario.ts";

/** The scenario of a file that says nothing: a provider of 20 requests at once that is always well. */
export const DEFAULT_SCENARIO: Scenario = {
  name: "default",
  durationMinutes: 24 * 60,
  backlog: 0,
  arrivalsPerMinute: [[0, 0]],
  provider: {
    maxConcurrency: 20,
    slowAfterMs: 5_000,
    timeoutMs: 30_000,
    latency: { medianMs: 1_000, sigma: 0.8, minMs: 5, maxMs: 70_000 },
    capacity: [[0, 20]],
    overload: { mode: "reject", exponent: 1.5, retryAfterSeconds: null },
    faultRatio: [[0, 0]],
    latencyFactor: [[0, 1]],
    poisonRatio: 0,
    rejectedRatio: 0,
    fragile: null,
  },
  valve: { updateDelaySeconds: ASSUMED_MAPPING.updateSeconds, overheadMs: 40 },
  observers: { lateRatio: 0, lostRatio: 0, duplicateRatio: 0 },
};

const DEFAULT_SPREAD: Omit<Latency, "medianMs"> = { sigma: 0.8, minMs: 5, maxMs: 70_000 };

/** A scenario as its file has it: whatever is missing is as in another scenario. */
export interface ScenarioInput extends Partial<Omit<Scenario, "provider" | "valve" | "observers">> {
  readonly provider?: SimulatedProviderInput;
  readonly valve?: Partial<Scenario["valve"]>;
  readonly observers?: Partial<Scenario["observers"]>;
}

/** The provider of a {@link ScenarioInput}. */
export interface SimulatedProviderInput extends Partial<Omit<SimulatedProvider, "latency" | "overload">> {
  readonly latency?: LatencyInput;
  readonly overload?: Partial<SimulatedProvider["overload"]>;
}

/** Either `medianMs` or `mix` must be given. */
export interface LatencyInput extends Partial<Latency> {
  readonly mix?: readonly LatencyPart[];
}

/** Fills in what a file left out from `base`; the capacity is X unless the file has its own. */
export function withScenarioDefaults(input: ScenarioInput, name: string, base: Scenario): Scenario {
  const provider = { ...base.provider, ...input.provider };
  return {
    ...base,
    name,
    ...input,
    provider: {
      ...provider,
      latency: input.provider?.latency ? withSpread(input.provider.latency) : base.provider.latency,
      capacity: input.provider?.capacity ?? [[0, provider.maxConcurrency]],
      overload: { ...base.provider.overload, ...input.provider?.overload },
    },
    valve: { ...base.valve, ...input.valve },
    observers: { ...base.observers, ...input.observers },
  };
}

function withSpread(input: LatencyInput): Latency | LatencyMix {
  const { mix, medianMs = 0, sigma, minMs, maxMs } = { ...DEFAULT_SPREAD, ...input };
  return mix === undefined ? { medianMs, sigma, minMs, maxMs } : { mix, minMs, maxMs };
}
