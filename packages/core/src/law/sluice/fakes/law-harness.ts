import { describeDecision } from "../../describe-decision.ts";
import { type Evidence, NO_EVIDENCE } from "../../evidence.ts";
import type { Observation } from "../../law.ts";
import type { LawConfig } from "../../law-config.ts";
import { sluiceLaw } from "../sluice-law.ts";
import type { SluiceState } from "../state.ts";

/** The law's usual provider in tests: 20 at once, calls of a second. */
export const CONFIG: LawConfig = {
  maxConcurrency: 20,
  slowAfterMs: 5_000,
  timeoutMs: 30_000,
  medianMs: 1_000,
  paceMs: 20_000,
};

/** The law, and the events that a test lets happen to it. */
export interface LawHarness {
  readonly state: () => SluiceState;
  readonly nowMs: () => number;
  /** Decisions so far, each as a sentence. */
  readonly decisions: readonly string[];
  wait(durationMs: number): void;
  /** Reports evidence, of the present epoch and with every permit out unless said otherwise. */
  report(evidence: Partial<Evidence>, changes?: Partial<Extract<Observation, { kind: "report" }>>): void;
  /** Reports `count` times with a pause before each; `weather` gives the evidence at a limit. */
  live(count: number, pauseMs: number, weather: (limit: number, index: number) => Partial<Evidence>): void;
  /** Finds a probe due, with a record to make it unless said otherwise. */
  probeDue(hasRecord?: boolean): void;
  /** An operator asks for a probe. */
  probeAsked(): void;
}

/** A law in its initial state. */
export function createLawHarness(config: LawConfig = CONFIG): LawHarness {
  let nowMs = 1_000_000;
  let state: SluiceState = sluiceLaw.initial(config, nowMs);
  const decisions: string[] = [];

  function observe(observation: Observation): void {
    const step = sluiceLaw.decide(state, observation, config, nowMs);
    state = step.state;
    if (step.decision !== undefined) decisions.push(describeDecision(step.decision));
  }

  function report(
    evidence: Partial<Evidence>,
    changes: Partial<Extract<Observation, { kind: "report" }>> = {},
  ): void {
    const { epoch, limit } = state;
    observe({
      kind: "report",
      epoch,
      evidence: { ...NO_EVIDENCE, ...evidence },
      inFlightCount: limit,
      ...changes,
    });
  }

  return {
    state: () => state,
    nowMs: () => nowMs,
    decisions,
    wait(durationMs) {
      nowMs += durationMs;
    },
    report,
    live(count, pauseMs, weather) {
      for (let index = 0; index < count; index += 1) {
        nowMs += pauseMs;
        report(weather(state.limit, index));
      }
    },
    probeDue: (hasRecord = true) => observe({ kind: "probe-due", hasRecord }),
    probeAsked: () => observe({ kind: "probe-due", hasRecord: true, isAsked: true }),
  };
}

/** Calls that were answered, each after about `medianMs`, log-normal with this spread. */
export function answered(count: number, medianMs = 1_000, sigma = 0.8): Partial<Evidence> {
  const mean = Math.log(medianMs);
  return {
    okCount: count,
    latencySumMs: count * medianMs * Math.exp(sigma ** 2 / 2),
    lnLatencySum: count * mean,
    lnLatencySquareSum: count * (mean ** 2 + sigma ** 2),
  };
}
