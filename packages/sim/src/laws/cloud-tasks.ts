import { type Law, type LawConfig, type Observation, type Step, successCount } from "@sluice/core/law";
import * as z from "zod";
import { dropCountOf } from "./sample.ts";
import { stepTo } from "./step-to.ts";
import {
  closedControl,
  controlSchema,
  openControl,
  parseState,
  type UnprobedControl,
} from "./stored-state.ts";

/** The state of a dispatcher: its throttling, and the window that is open. */
export type Dispatching = UnprobedControl & {
  /** The rate, as the dispatches at once that it comes to: up to X; below 1 they go out one by one, with pauses. */
  readonly dispatches: number;
  /** The instant at which the rate was last raised or lowered. */
  readonly changedAtMs: number;
  readonly sinceMs: number;
  readonly callCount: number;
  readonly failedCount: number;
  readonly refusedCount: number;
};

/** Pauses between two dispatches, once the rate is below one at a time. */
interface Pauses {
  readonly minMs: number;
  readonly maxMs: number;
}

// The numbers that no documentation gives: see createCloudTasksLaw.
/** A window is judged when it has lasted this long and has as many calls, or as many as go out at once. */
const WINDOW_MS = 1_000;
const WINDOW_CALLS = 10;
/** Share of failed calls that is a high error rate: most calls fail. */
const HIGH_ERROR_SHARE = 0.5;
const BACK_OFF_FACTOR = 0.5;
/** Growth of the rate, as the documentation advises it to users (50 % each 5 min), and the time between two. */
const GROWTH_FACTOR = 1.5;
const GROWTH_EVERY_MS = 10_000;

const EMPTY = { callCount: 0, failedCount: 0, refusedCount: 0 } as const;
const count = z.int().min(0);
const stateSchema: z.ZodType<Dispatching> = z.intersection(
  controlSchema,
  z.object({
    dispatches: z.number().positive(),
    changedAtMs: z.number(),
    sinceMs: z.number(),
    callCount: count,
    failedCount: count,
    refusedCount: count,
  }),
);

/**
 * A dispatcher that behaves as Google's Cloud Tasks documents: at most X dispatches at once
 * (`maxConcurrentDispatches`), and *system throttling*. It backs off on all errors; with the back-off of the
 * task as a rule, which the queue's own stands for, and with a higher one for the whole queue if calls answer
 * 429 or 503 or the rate of errors is high. A `Retry-After` is considered, here by the gate. When dispatches
 * begin again they ramp up slowly.
 *
 * Source: the description of `HttpRequest` in the API's reference, https://docs.cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues.tasks
 * and https://docs.cloud.google.com/tasks/docs/manage-cloud-task-scaling for the growth by 50 %.
 *
 * The documentation gives no other numbers of the throttling, so these are meant kindly: a window with a
 * refusal, or in which half of the calls failed, halves the rate; without that it grows by half each 10 s
 * rather than 5 min. The rate is carried out as a limit, ⌊rate⌋, of X at first. Below 1 dispatches go out one by
 * one, with pauses that double like a task's back-off, and any answer ends them.
 */
function createCloudTasksLaw(name: string, pauses: Pauses): Law<Dispatching> {
  return {
    name,
    initial: ({ maxConcurrency }, nowMs) => ({
      ...closedControl(maxConcurrency),
      ...EMPTY,
      dispatches: maxConcurrency,
      changedAtMs: nowMs,
      sinceMs: nowMs,
    }),
    toStored: (state) => state,
    parse: (stored) => parseState(stateSchema, name, stored),
    decide: (state, observation, config, nowMs) => {
      if (observation.kind === "probe-due") return dispatchWhenDue(state, nowMs);
      if (state.phase === "open") return { state };
      return weigh(withCalls(state, observation), config, pauses, nowMs);
    },
  };
}

/**
 * Pauses by default: `minBackoff` and `maxBackoff` as `gcloud tasks queues describe` shows them of a queue that
 * was created without (https://docs.cloud.google.com/tasks/docs/configuring-queues).
 */
export const cloudTasksLaw: Law<Dispatching> = createCloudTasksLaw("cloud-tasks", {
  minMs: 100,
  maxMs: 3_600_000,
});

/**
 * Pauses as in the documentation's own example of `maxDoublings`
 * (https://docs.cloud.google.com/tasks/docs/reference/rest/v2/RetryConfig).
 */
export const cloudTasksPatientLaw: Law<Dispatching> = createCloudTasksLaw("cloud-tasks-patient", {
  minMs: 10_000,
  maxMs: 300_000,
});

function withCalls(state: Dispatching, { evidence }: Extract<Observation, { kind: "report" }>): Dispatching {
  const failedCount = dropCountOf(evidence);
  return {
    ...state,
    callCount: state.callCount + successCount(evidence) + failedCount,
    failedCount: state.failedCount + failedCount,
    refusedCount: state.refusedCount + evidence.throttledCount,
  };
}

function weigh(
  state: Dispatching,
  { maxConcurrency }: LawConfig,
  { minMs, maxMs }: Pauses,
  nowMs: number,
): Step<Dispatching> {
  const isPaced = state.dispatches < 1;
  const isDone = isPaced || (nowMs - state.sinceMs >= WINDOW_MS && state.callCount >= callsNeeded(state));
  if (!isDone || state.callCount === 0) return { state };
  const { callCount, failedCount, refusedCount } = state;
  const inputs = { callCount, failedCount, refusedCount };
  const dispatches = Math.min(maxConcurrency, Math.max(minMs / maxMs, dispatchesAfter(state, nowMs)));
  const changedAtMs = dispatches === state.dispatches ? state.changedAtMs : nowMs;
  const next = { ...EMPTY, dispatches, changedAtMs, sinceMs: nowMs };
  if (dispatches < 1) {
    const untilMs = nowMs + Math.min(maxMs, minMs / dispatches);
    return stepTo<Dispatching>(state, { ...openControl(untilMs, maxConcurrency), ...next }, "pause", inputs);
  }
  const limit = Math.floor(dispatches);
  const rule = limit > state.limit ? "increase" : "system throttling";
  return stepTo<Dispatching>(state, { ...closedControl(limit), ...next }, rule, inputs);
}

function callsNeeded({ limit }: Dispatching): number {
  return Math.min(WINDOW_CALLS, limit);
}

function dispatchesAfter(
  { dispatches, changedAtMs, callCount, failedCount, refusedCount }: Dispatching,
  nowMs: number,
): number {
  if (refusedCount > 0 || failedCount / callCount >= HIGH_ERROR_SHARE) return dispatches * BACK_OFF_FACTOR;
  if (dispatches < 1) return 1;
  return nowMs - changedAtMs < GROWTH_EVERY_MS ? dispatches : dispatches * GROWTH_FACTOR;
}

function dispatchWhenDue(state: Dispatching, nowMs: number): Step<Dispatching> {
  if (state.phase !== "open" || nowMs < state.probeAtMs) return { state };
  const { dispatches, changedAtMs } = state;
  const next = { ...closedControl(1), ...EMPTY, dispatches, changedAtMs, sinceMs: nowMs };
  return stepTo<Dispatching>(state, next, "the pause is over", {});
}
