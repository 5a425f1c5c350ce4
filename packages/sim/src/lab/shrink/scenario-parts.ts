import type { Scenario, SimulatedProvider } from "../../provider-simulator/scenario.ts";
import type { TimeLine } from "../../provider-simulator/time-line.ts";

/** A part of a scenario in words. */
export interface ScenarioPart {
  readonly name: string;
  readonly text: string;
}

/** The parts of a scenario of which there may be less, each in a few words. */
export function scenarioParts(scenario: Scenario): readonly ScenarioPart[] {
  const { durationMinutes, backlog, arrivalsPerMinute, provider, valve, observers } = scenario;
  const { maxConcurrency, capacity, overload, fragile } = provider;
  const [minSeconds, maxSeconds] = valve.updateDelaySeconds;
  const { retryAfterSeconds } = overload;
  const texts: Readonly<Record<string, string>> = {
    duration: `${durationMinutes} min`,
    backlog: String(backlog),
    "arrivals/min": lineText(arrivalsPerMinute, 0),
    X: String(maxConcurrency),
    capacity: lineText(capacity, maxConcurrency),
    faults: lineText(provider.faultRatio, 0),
    "latency factor": lineText(provider.latencyFactor, 1),
    poison: shareText(provider.poisonRatio),
    "unknown records": shareText(provider.rejectedRatio),
    fragile: fragile === null ? NONE : `${fragile.downMinutes} min, ${fragile.rampPerMinute}/min`,
    overload: `${overload.mode}, exponent ${overload.exponent}`,
    "Retry-After": retryAfterSeconds === null ? NONE : `${retryAfterSeconds} s`,
    reports: `${shareText(observers.lateRatio)} late, ${shareText(observers.lostRatio)} lost, ${shareText(observers.duplicateRatio)} twice`,
    valve: maxSeconds === 0 ? "at once" : `${minSeconds} to ${maxSeconds} s`,
    overhead: `${valve.overheadMs} ms`,
    calls: latencyText(provider.latency),
  };
  return Object.entries(texts).map(([name, text]) => ({ name, text }));
}

const NONE = "none";
/** Longer lines are left to the scenario's JSON. */
const STEPS_MAX = 3;

function lineText(line: TimeLine, usual: number): string {
  if (line.every(([, value]) => value === usual)) return usual === 0 ? NONE : "as usual";
  const values = line.map(([, value]) => String(rounded(value)));
  if (line.length <= STEPS_MAX) return values.join(", ");
  return `${values.slice(0, STEPS_MAX).join(", ")}, … (${line.length} levels)`;
}

function latencyText(latency: SimulatedProvider["latency"]): string {
  const parts = "mix" in latency ? latency.mix : [latency];
  return parts.map(({ medianMs, sigma }) => `${rounded(medianMs)} ms, σ ${sigma}`).join("; ");
}

function shareText(share: number): string {
  return share === 0 ? NONE : `${rounded(100 * share)} %`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
