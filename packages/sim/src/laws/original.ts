import {
  type ControlState,
  type Evidence,
  type Law,
  type LawConfig,
  type Step,
  successCount,
} from "@sluice/core/law";
import { dropCountOf } from "./sample.ts";
import { stepTo } from "./step-to.ts";
import { closedControl, controlSchema, openControl, parseState } from "./stored-state.ts";

/** The demo's MAX_BATCH_SIZE. */
const DEMO_BATCH_SIZE_MAX = 10;
/** Share of bad calls in a batch above which the provider deteriorates. */
const DETERIORATING_SHARE = 0.5;
/** The demo's `rate(10 minutes)`. */
const CRON_MS = 10 * 60_000;

/**
 * The demo that Sluice grew from, as it was written in 2019. Its limit is its batch size b: one batch at a
 * time, all of its records in flight together; the system around it has to have that shape.
 *
 * Source: https://github.com/theburningmonk/self-adjusting-kinesis-function-demo, `functions/ventilator.js`
 * and `serverless.yml`, commit b6f1e51.
 *
 * - (slow + failed) / total > 0.5: b - 1, or the stream is disabled at b = 1. A call that is slow *and*
 *   failed counts twice.
 * - No slow and no failed call: b + 1, up to 10. This always enables the stream, so that a clean batch that
 *   ends late undoes a trip.
 * - Otherwise nothing. Each batch is weighed at its end: there are no epochs.
 * - Every 10 minutes by the clock, not counted from the trip, a cron job enables the stream at the b that it
 *   had.
 *
 * Adapted:
 *
 * - b is at most X, and begins there: the source leaves the first value to the deployment.
 * - Evidence tells failed calls apart only by lasting until the timeout, so these are the ones that count
 *   twice.
 * - The cron job enables the stream even where b can be no larger than 1; the source's condition
 *   (`BatchSize < MaxBatchSize`) would leave X = 1 disabled for ever.
 * - Calls whose record is to blame, and unavailable ones, are left out; the source knows failures only.
 */
export const originalLaw: Law = createOriginalLaw("original", ({ maxConcurrency }) =>
  Math.min(DEMO_BATCH_SIZE_MAX, maxConcurrency),
);

/** The demo's law with another largest limit. */
export function createOriginalLaw(name: string, limitMaxOf: (config: LawConfig) => number): Law {
  return {
    name,
    initial: (config) => closedControl(limitMaxOf(config)),
    toStored: (state) => state,
    parse: (stored) => parseState(controlSchema, name, stored),
    decide: (state, observation, config, nowMs) => {
      if (observation.kind === "report") return weigh(state, observation.evidence, limitMaxOf(config), nowMs);
      return wake(state, nowMs);
    },
  };
}

function weigh(state: ControlState, evidence: Evidence, limitMax: number, nowMs: number): Step {
  const errorCount = dropCountOf(evidence);
  const slowCount = evidence.slowCount + evidence.timeoutCount;
  const totalCount = successCount(evidence) + errorCount;
  const inputs = { slowCount, errorCount, totalCount };
  if (totalCount === 0) return { state };
  if ((slowCount + errorCount) / totalCount > DETERIORATING_SHARE) return decrement(state, inputs, nowMs);
  if (slowCount + errorCount > 0 || state.limit >= limitMax) return { state };
  return stepTo<ControlState>(state, closedControl(state.limit + 1), "performance is good", inputs);
}

function decrement(state: ControlState, inputs: Readonly<Record<string, number>>, nowMs: number): Step {
  if (state.limit > 1) {
    return stepTo<ControlState>(
      state,
      closedControl(state.limit - 1),
      "performance is deteriorating",
      inputs,
    );
  }
  if (state.phase === "open") return { state };
  return stepTo<ControlState>(
    state,
    openControl(nextCronMs(nowMs)),
    "deteriorating at limit 1: disabled",
    inputs,
  );
}

function nextCronMs(nowMs: number): number {
  return (Math.floor(nowMs / CRON_MS) + 1) * CRON_MS;
}

function wake(state: ControlState, nowMs: number): Step {
  if (state.phase !== "open" || nowMs < state.probeAtMs) return { state };
  return stepTo<ControlState>(state, closedControl(state.limit), "enabled by the cron job", {});
}
