import { type Law, type Observation, successCount } from "@sluice/core/law";
import * as z from "zod";
import type { Limiter } from "./limiter.ts";
import { type CallCount, sampleOf } from "./sample.ts";
import { type CallWindow, callWindowSchema, failureRateOf, slide } from "./sliding-window.ts";
import { stepTo } from "./step-to.ts";
import {
  closedControl,
  controlSchema,
  openControl,
  parseState,
  type UnprobedControl,
} from "./stored-state.ts";

/** The settings of a breaker, named as resilience4j names them, without its prefixes. */
export interface BreakerSettings {
  /** Calls in the sliding window. */
  readonly windowSize: number;
  /** Calls below which the breaker does not judge. */
  readonly minimumCalls: number;
  /** Share of failed calls from which it opens. */
  readonly failureRate: number;
  /** Time for which it stays open. */
  readonly openMs: number;
  /** Calls that half-open lets through, and judges. */
  readonly halfOpenCalls: number;
  /** Calls that the breaker counts as failed; those that are neither these nor answered are left out. */
  readonly failureCountOf: CallCount;
}

/** A limiter's state, and the breaker's. */
export type Guarded<Memory> = UnprobedControl & {
  readonly memory: Memory;
  readonly window: CallWindow;
  /** Half-open: the window has the calls that were let through. Its phase is closed, at a low limit. */
  readonly isOnTrial: boolean;
};

/**
 * Puts resilience4j's circuit breaker over a limiter. It opens when the share of failed calls among the last
 * ones reaches a threshold. After a while it is half-open: a number of calls is let through, and when all have
 * ended their share of failures closes it, with an empty window and the limit that it had, or opens it again.
 *
 * Source: https://github.com/resilience4j/resilience4j, commit af9e7c9, `resilience4j-circuitbreaker/.../internal/`
 * `CircuitBreakerStateMachine.java` and `CircuitBreakerMetrics.java`.
 *
 * Adapted:
 *
 * - All clients share the breaker, as the limit is shared, and the valve stays as it is while it is open.
 * - Half-open is a closed breaker whose limit is the number of calls that it has yet to see, so that no more
 *   start; the half-open phase would let through one at a time.
 * - Calls are not judged by being slow. By default the source opens if all calls last longer than 60 s, and
 *   whoever knows a provider with such calls sets that higher.
 * - Reports are ignored while it is open; the source counts them in a window that it then throws away.
 */
export function withBreaker<Memory>(
  limiter: Limiter<Memory>,
  countDrops: CallCount,
  settings: BreakerSettings,
): Law<Guarded<Memory>> {
  const { name, memorySchema } = limiter;
  const stateSchema: z.ZodType<Guarded<Memory>> = z.intersection(
    controlSchema,
    z.object({ memory: memorySchema, window: callWindowSchema, isOnTrial: z.boolean() }),
  );

  function closedWith({ memory, window, isOnTrial }: Seen<Memory>): Guarded<Memory> {
    const limit = limiter.limitOf(memory);
    const allowed = isOnTrial ? Math.max(1, Math.min(limit, settings.halfOpenCalls - window.length)) : limit;
    return { ...closedControl(allowed), target: limit, memory, window, isOnTrial };
  }

  return {
    name,
    initial: ({ maxConcurrency }) =>
      closedWith({ memory: limiter.startAt(maxConcurrency), window: "", isOnTrial: false }),
    toStored: (state) => state,
    parse: (stored) => parseState(stateSchema, name, stored),
    decide: (state, observation, config, nowMs) => {
      if (observation.kind === "probe-due") {
        if (state.phase !== "open" || nowMs < state.probeAtMs) return { state };
        return stepTo<Guarded<Memory>>(
          state,
          closedWith({ memory: state.memory, window: "", isOnTrial: true }),
          "half-open",
          {},
        );
      }
      if (state.phase === "open") return { state };
      const { window, isOnTrial } = slid(state, observation, settings);
      const sample = sampleOf(observation, countDrops);
      const memory =
        sample === undefined ? state.memory : limiter.update(state.memory, sample, config, nowMs);
      const seen = { memory, window, isOnTrial };
      const verdict = verdictOn(seen, settings);
      const inputs = { share: failureRateOf(window), calls: window.length };
      if (verdict === "failing") {
        const open = openControl(nowMs + settings.openMs, config.maxConcurrency);
        const next = { ...open, memory, window: "", isOnTrial: false };
        return stepTo<Guarded<Memory>>(state, next, "failure rate above threshold: open", inputs);
      }
      const next = closedWith(verdict === "passed" ? { memory, window: "", isOnTrial: false } : seen);
      return stepTo<Guarded<Memory>>(
        state,
        next,
        verdict === "passed" ? "trial passed: closed" : ruleOf(state, next),
        inputs,
      );
    },
  };
}

type Seen<Memory> = Pick<Guarded<Memory>, "memory" | "window" | "isOnTrial">;

/** The state with the calls of a report in its window. */
function slid<State extends Pick<Guarded<unknown>, "window" | "isOnTrial">>(
  state: State,
  { evidence }: Extract<Observation, { kind: "report" }>,
  { windowSize, halfOpenCalls, failureCountOf }: BreakerSettings,
): State {
  const counts = { passedCount: successCount(evidence), failedCount: failureCountOf(evidence) };
  return { ...state, window: slide(state.window, counts, state.isOnTrial ? halfOpenCalls : windowSize) };
}

function verdictOn(
  { window, isOnTrial }: Pick<Guarded<unknown>, "window" | "isOnTrial">,
  { minimumCalls, halfOpenCalls, failureRate }: BreakerSettings,
): "failing" | "passed" | "none" {
  if (window.length < (isOnTrial ? halfOpenCalls : minimumCalls)) return "none";
  if (failureRateOf(window) >= failureRate) return "failing";
  return isOnTrial ? "passed" : "none";
}

function ruleOf(before: UnprobedControl, after: UnprobedControl): string {
  return after.limit > before.limit ? "increase" : "decrease";
}
