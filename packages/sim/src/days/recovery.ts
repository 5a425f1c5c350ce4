import type { Provider } from "@sluice/core/provider";
import { startIntervalMs } from "@sluice/core/steering/quotas";
import { drawLatencyMs } from "../provider-simulator/latency.ts";
import { streamOf } from "../world/streams.ts";
import { type RefusedLevel, workingMs } from "./refused-levels.ts";
import { calmFromMinute, lastLoadMinute, type Story } from "./story.ts";

const MINUTE_MS = 60_000;
/** The longest day: the one on which summer time ends. */
const DAY_MS = 25 * 60 * MINUTE_MS;
/** Rule 5: the time in which the breaker closes. */
export const RECOVERY_MS: number = 5 * MINUTE_MS;
/** Rule 5: the share of the ideal's pace that is asked for. */
const PACE_SHARE = 0.9;
/** Time of an invocation in which no record is worked on, with cold starts and answers of the cloud. */
const OVERHEAD_MS = 100;
/** Time for a ramp to its last level, and for the last calls to end. */
const RAMP_MS = 6 * MINUTE_MS;
/** Time in which the last records are accepted. */
const ACCEPTING_MS = 15_000;
const SAMPLES = 400;

/** Probes, and minutes between them, that may meet only records that the provider does not know, after a wrong address. */
const UNKNOWN_PROBES = 6;
const REJECTED_PROBE_MINUTES = 4;

/** The instant from which on nothing is wrong any more, since the start: faults are over, and what they have left behind. */
export function calmFromMs(story: Story): number {
  const { contract, nature } = story;
  const { fragile } = nature;
  const rampMinutes =
    fragile === null ? 0 : fragile.downMinutes + contract.maxConcurrency / fragile.rampPerMinute;
  const minutes = Math.max(calmFromMinute(story) + rampMinutes, rejectedUntilMinute(story));
  return minutes * MINUTE_MS + contract.timeoutMs;
}

/** The minute until which probes may be rejected; 0 where each record is known. */
function rejectedUntilMinute({ faults, nature }: Story): number {
  const wrong = faults.filter(({ kind }) => kind === "wrong-address");
  if (nature.rejectedRatio === 0 || wrong.length === 0) return 0;
  const untilMinute = Math.max(...wrong.map((fault) => fault.untilMinute));
  return untilMinute + UNKNOWN_PROBES * REJECTED_PROBE_MINUTES;
}

/** The instant from which on all that will be enqueued is, since the start. */
export function loadedFromMs(story: Story): number {
  return lastLoadMinute(story) * MINUTE_MS + ACCEPTING_MS;
}

/** The records that are left in the queues. */
export interface Backlog {
  readonly healthyCount: number;
  /** Those that no attempt fetches: the ideal tries them too. */
  readonly hopelessCount: number;
}

/**
 * The time that a backlog may take from an instant on: the ideal's, a little slower, and what waits for a retry.
 * @param refused the levels that the ideal leaves alone for a while: it does not see the provider's capacity either
 */
export function drainingMs(
  story: Story,
  provider: Provider,
  backlog: Backlog,
  refused: readonly RefusedLevel[],
  fromMs: number,
): number {
  const { queue, backOff, maxAttempts, maxConcurrency, timeoutMs } = provider;
  const callMs = meanCallMs(story, timeoutMs) + OVERHEAD_MS;
  const callCount = backlog.healthyCount + maxAttempts * backlog.hopelessCount;
  const busyMs = workingMs(callCount * callMs, maxConcurrency, refused, fromMs);
  const idealMs = Math.max(busyMs, callCount * startIntervalMs(provider));
  const otherMs = RAMP_MS + backOff.maxMs + queue.visibilityTimeoutMs + 2 * timeoutMs;
  return idealMs / PACE_SHARE + otherMs + quotaDaysMs(provider, callCount);
}

/** The days that a day's quota makes a backlog wait: today's may be used up. */
function quotaDaysMs({ quotas = [] }: Provider, callCount: number): number {
  const day = quotas.find((quota) => quota.per === "day");
  if (day === undefined) return 0;
  return Math.ceil(callCount / Math.max(1, day.requests * (1 - day.reserve)) + 1) * DAY_MS;
}

/** Rejections that a record dies of, whatever others meet. */
const REJECTIONS_MAX = 5;

/** The time in which a record is dead that is rejected each time: back-offs that double, and a call after each. */
export function settlingMs(provider: Provider, recordCount: number): number {
  const { backOff, breaker, queue, timeoutMs } = provider;
  const firstMs = Math.max(backOff.firstMs, breaker.paceMs);
  const maxMs = Math.max(backOff.maxMs, firstMs);
  let sumMs = 0;
  for (let tries = 0; tries < REJECTIONS_MAX; tries += 1)
    sumMs += Math.min(maxMs, firstMs * 2 ** tries) + timeoutMs;
  const spacedMs = REJECTIONS_MAX * recordCount * startIntervalMs(provider);
  return sumMs + spacedMs + queue.visibilityTimeoutMs;
}

/** The mean time that a record takes, retries of calls that are too long included. */
function meanCallMs({ seed, contract }: Story, timeoutMs: number): number {
  const random = streamOf(seed, "mean latency");
  let sumMs = 0;
  let answeredCount = 0;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const latencyMs = drawLatencyMs(contract.latency, random);
    sumMs += Math.min(latencyMs, timeoutMs);
    if (latencyMs < timeoutMs) answeredCount += 1;
  }
  return sumMs / Math.max(1, answeredCount);
}
