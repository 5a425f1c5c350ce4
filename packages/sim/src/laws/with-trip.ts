import {
  type Evidence,
  type Law,
  type LawConfig,
  type Observation,
  type Step,
  successCount,
} from "@sluice/core/law";
import * as z from "zod";
import type { Limiter } from "./limiter.ts";
import { dropCountOf, failureCountOf, sampleOf } from "./sample.ts";
import { stepTo } from "./step-to.ts";
import {
  closedControl,
  controlSchema,
  OPEN_MS,
  openControl,
  parseState,
  type UnprobedControl,
} from "./stored-state.ts";

/** A limiter's state, and the count of the trip rule. */
export type Tripping<Memory> = UnprobedControl & {
  readonly memory: Memory;
  /** Failed calls in a row at limit 1. */
  readonly failureCount: number;
};

/**
 * A usual number of failures in a row at which a breaker opens: `DefaultConsecutiveFailures` of Finagle
 * (https://github.com/twitter/finagle, `finagle-core/.../liveness/FailureAccrualPolicy.scala`).
 */
const TRIP_FAILURE_COUNT = 5;

/**
 * Gives a limiter the trip that its source lacks, or it would call a dead provider for ever: at limit 1, five
 * failed calls in a row open the breaker for {@link OPEN_MS}; then it is closed at limit 1. It has no leased
 * probe. The valve stays as it is: to shut it and open it again takes about as long.
 *
 * While open, reports are ignored. Apart from that each report is a sample, of any epoch, as in the sources.
 * A report of several calls is one sample, like a window of their `WindowedLimit`: the mean latency, and
 * dropped if any call was.
 */
export function withTrip<Memory>(limiter: Limiter<Memory>): Law<Tripping<Memory>> {
  const { name, memorySchema } = limiter;
  const stateSchema: z.ZodType<Tripping<Memory>> = z.intersection(
    controlSchema,
    z.object({ memory: memorySchema, failureCount: z.int().min(0) }),
  );

  function decide(
    state: Tripping<Memory>,
    observation: Observation,
    config: LawConfig,
    nowMs: number,
  ): Step<Tripping<Memory>> {
    if (observation.kind === "probe-due") return closeWhenDue(state, nowMs);
    return state.phase === "open" ? { state } : weigh(state, observation, config, nowMs);
  }

  function weigh(
    state: Tripping<Memory>,
    report: Extract<Observation, { kind: "report" }>,
    config: LawConfig,
    nowMs: number,
  ): Step<Tripping<Memory>> {
    const failureCount = failureCountAfter(state, report.evidence);
    if (failureCount >= TRIP_FAILURE_COUNT) return trip(state, failureCount, config, nowMs);
    const sample = sampleOf(report, dropCountOf);
    if (sample === undefined) return { state: { ...state, failureCount } };
    const memory = limiter.update(state.memory, sample, config, nowMs);
    const limit = limiter.limitOf(memory);
    const next = { ...closedControl(limit), memory, failureCount: limit === 1 ? failureCount : 0 };
    return stepTo(state, next, limit > state.limit ? "increase" : "decrease", { ...sample });
  }

  function trip(
    { memory, ...state }: Tripping<Memory>,
    failureCount: number,
    { maxConcurrency }: LawConfig,
    nowMs: number,
  ) {
    const open = {
      ...openControl(nowMs + OPEN_MS, maxConcurrency),
      memory: limiter.restart(memory),
      failureCount: 0,
    };
    return stepTo({ ...state, memory }, open, "failing at limit 1: open", { failureCount });
  }

  function closeWhenDue(state: Tripping<Memory>, nowMs: number): Step<Tripping<Memory>> {
    if (state.phase !== "open" || nowMs < state.probeAtMs) return { state };
    const next = { ...closedControl(1), memory: state.memory, failureCount: 0 };
    return stepTo<Tripping<Memory>>(state, next, "closed again after a minute", {});
  }

  return {
    name,
    initial: ({ maxConcurrency }) => ({
      ...closedControl(maxConcurrency),
      memory: limiter.startAt(maxConcurrency),
      failureCount: 0,
    }),
    toStored: (state) => state,
    parse: (stored) => parseState(stateSchema, name, stored),
    decide,
  };
}

function failureCountAfter({ limit, failureCount }: Tripping<unknown>, evidence: Evidence): number {
  return limit === 1 && successCount(evidence) === 0 ? failureCount + failureCountOf(evidence) : 0;
}
