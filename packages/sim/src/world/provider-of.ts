import { type Provider, type ProviderInput, parseProvider } from "@sluice/core/provider";
import type { Scenario, SimulatedProvider } from "../provider-simulator/scenario.ts";

/** Beyond X = 500, so that fan-out is 1 in every scenario. */
const VENTILATORS_MAX = 600;
/** Any sigma will do: the scenario draws the latencies. */
const MIX_SIGMA = 1;

/** The part of a contract that no scenario has. */
export type SteeredContract = Pick<ProviderInput, "quotas" | "windows">;

/**
 * The provider that a scenario's contract describes; its latencies as far as the contract knows them, and all that it does
 * not say as by default.
 */
export function providerOf(
  { provider: { maxConcurrency, slowAfterMs, timeoutMs, latency } }: Scenario,
  steered: SteeredContract = {},
): Provider {
  const maxMs = Math.min(Math.ceil(latency.maxMs), timeoutMs);
  const medianMs = Math.max(1, Math.round(Math.min(usualLatencyMs(latency), maxMs)));
  const contract = {
    id: "lab",
    maxConcurrency,
    slowAfterMs,
    timeoutMs,
    latency: {
      medianMs,
      sigma: "mix" in latency ? MIX_SIGMA : latency.sigma,
      minMs: Math.min(Math.floor(latency.minMs), medianMs),
      maxMs,
    },
    worker: { name: "demo" },
    ventilator: { maxConcurrency: VENTILATORS_MAX },
    ...steered,
  };
  return parseProvider(contract, "of the scenario");
}

/** The median latency; of a mix, that of the kind of call in the middle. */
export function usualLatencyMs(latency: SimulatedProvider["latency"]): number {
  if (!("mix" in latency)) return latency.medianMs;
  let upTo = 0;
  for (const { share, medianMs } of latency.mix.toSorted((one, other) => one.medianMs - other.medianMs)) {
    upTo += share;
    if (upTo >= 0.5) return medianMs;
  }
  return latency.maxMs;
}
