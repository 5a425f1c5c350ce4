import type { Latency } from "@sluice/core/provider";
import type {
  LatencyMix,
  OverloadMode,
  Scenario,
  SimulatedProvider,
} from "../../provider-simulator/scenario.ts";
import { usualLatencyMs } from "../../world/provider-of.ts";
import { calmerLines } from "./lines.ts";

/** The simplest first: a refusal, no answer at all, longer calls, longer calls of which some fail. */
const MODES: readonly OverloadMode[] = ["reject", "hang", "stretch", "collapse"];
/** Calls twice as long at twice the load. */
const PLAIN_EXPONENT = 1;

/** Fewer levels of capacity. */
export function* fewerLevels(scenario: Scenario): Generator<Scenario> {
  const { capacity, maxConcurrency } = scenario.provider;
  for (const calmer of calmerLines(capacity, maxConcurrency))
    yield withProvider(scenario, { capacity: calmer });
}

/** Fewer faults, and calls that are longer or shorter than usual for less of the time. */
export function* calmerCalls(scenario: Scenario): Generator<Scenario> {
  const { faultRatio, latencyFactor } = scenario.provider;
  for (const calmer of calmerLines(faultRatio, 0)) yield withProvider(scenario, { faultRatio: calmer });
  for (const calmer of calmerLines(latencyFactor, 1)) yield withProvider(scenario, { latencyFactor: calmer });
}

/** Records that can all be served. */
export function* soundRecords(scenario: Scenario): Generator<Scenario> {
  const { poisonRatio, rejectedRatio } = scenario.provider;
  if (poisonRatio > 0) yield withProvider(scenario, { poisonRatio: 0 });
  if (rejectedRatio > 0) yield withProvider(scenario, { rejectedRatio: 0 });
}

/** A simpler way to bear too much: no fragility, no or a shorter Retry-After, a simpler mode. */
export function* simplerOverload(scenario: Scenario): Generator<Scenario> {
  const { fragile, overload } = scenario.provider;
  const { mode, exponent, retryAfterSeconds } = overload;
  const withOverload = (change: Partial<typeof overload>) =>
    withProvider(scenario, { overload: { ...overload, ...change } });
  if (fragile !== null) yield withProvider(scenario, { fragile: null });
  if (retryAfterSeconds !== null) yield withOverload({ retryAfterSeconds: null });
  if (retryAfterSeconds !== null && retryAfterSeconds > 0)
    yield withOverload({ retryAfterSeconds: Math.floor(retryAfterSeconds / 2) });
  for (const simpler of MODES.slice(0, MODES.indexOf(mode))) yield withOverload({ mode: simpler });
  if (exponent !== PLAIN_EXPONENT) yield withOverload({ exponent: PLAIN_EXPONENT });
}

/** Latencies of less variety: calls of one kind, calls of one length. */
export function* narrowerLatency(scenario: Scenario): Generator<Scenario> {
  for (const latency of narrowerThan(scenario.provider.latency)) yield withProvider(scenario, { latency });
}

function* narrowerThan(latency: SimulatedProvider["latency"]): Generator<Latency | LatencyMix> {
  if (!("mix" in latency)) {
    if (latency.sigma > 0) yield { ...latency, sigma: 0 };
    return;
  }
  const { mix, ...ends } = latency;
  const medianMs = usualLatencyMs(latency);
  const usual = mix.find((part) => part.medianMs === medianMs);
  yield { ...ends, medianMs, sigma: 0 };
  if (usual !== undefined && usual.sigma > 0) yield { ...ends, medianMs, sigma: usual.sigma };
  if (mix.some(({ sigma }) => sigma > 0)) yield { ...ends, mix: mix.map((part) => ({ ...part, sigma: 0 })) };
}

function withProvider(scenario: Scenario, change: Partial<SimulatedProvider>): Scenario {
  return { ...scenario, provider: { ...scenario.provider, ...change } };
}
