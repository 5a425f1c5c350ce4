import { createDay } from "../create-day.ts";
import { daySchedulerOf } from "../day-scheduler.ts";
import type { Story } from "../story.ts";
import { lanesStoryOf, WARM_UP_MINUTES } from "./lanes-story.ts";

/** Express requests for records that the bulk is fetching at that moment. */
export interface JoinedCase {
  /** X. */
  readonly maxConcurrency: number;
  /** Median of the latency, in ms. */
  readonly latencyMs: number;
  /** Spread of the logarithm of the latency. */
  readonly sigma: number;
  /** Express requests. */
  readonly count: number;
}

/** An express request for a record that was being fetched. */
export interface JoinedRequest {
  /** Time from the end of the record's call to that of the express run, as others were told of it. */
  readonly toldAfterMs: number;
  /** Times that the express message was received until it was gone. */
  readonly receiveCount: number;
  /** Calls that were made of the record. */
  readonly startCount: number;
}

/** Of the usual call, the part after which the record is asked for. */
const ASKED_AT_PART = 0.3;
/** Time between two requests, in usual calls. */
const BETWEEN_CALLS = 1.5;
/** The longest call, in usual ones: 70 s of 20 s. */
const LATENCY_MAX_MEDIANS = 3.5;

/** The express requests of a case that were made while their record's call was under way. */
export interface JoinedRun {
  readonly requests: readonly JoinedRequest[];
  /** Breaches of the rules of fault days. */
  readonly violationCount: number;
}

/** A request as it is seen so far. */
interface Seen {
  endedAtMs?: number;
  toldAtMs?: number;
  receiveCount: number;
}

/** Runs a case on virtual time, with the production use-cases on the simulated cloud, beside a full backlog of the bulk. */
export async function runJoined(joined: JoinedCase, seed: number): Promise<JoinedRun> {
  const { latencyMs, count } = joined;
  const story = storyOf(joined, seed);
  const seen = new Map<string, Seen>();
  const startCounts = new Map<string, number>();
  let askFromMs = Number.POSITIVE_INFINITY;

  function started({ recordId, atMs }: { readonly recordId: string; readonly atMs: number }): void {
    startCounts.set(recordId, (startCounts.get(recordId) ?? 0) + 1);
    if (atMs < askFromMs || seen.size >= count) return;
    askFromMs = atMs + BETWEEN_CALLS * latencyMs;
    clock.at(atMs + ASKED_AT_PART * latencyMs, () => {
      seen.set(recordId, { receiveCount: 0 });
      void scheduler.enqueue([recordId], { runId: recordId, lane: "express" });
    });
  }

  const { parts, judge } = createDay(story, {
    onEvent(event) {
      if (event.kind === "started") return started(event);
      const name =
        event.kind === "announced" ? event.detail.runId : "recordId" in event ? event.recordId : undefined;
      const request = seen.get(String(name));
      if (request === undefined) return;
      if (event.kind === "ended") request.endedAtMs ??= event.atMs;
      if (event.kind === "announced") request.toldAtMs ??= event.atMs;
      if (event.kind === "received" && event.lane === "express") request.receiveCount += 1;
    },
  });
  const { clock, startMs } = parts;
  const scheduler = daySchedulerOf(parts, "scheduler-1");
  clock.at(startMs + WARM_UP_MINUTES * 60_000, () => {
    askFromMs = clock.nowMs();
  });
  await clock.run(startMs + WARM_UP_MINUTES * 60_000 + durationMs(joined));
  return { requests: requestsOf(seen, startCounts), violationCount: judge.violations.length };
}

function storyOf(joined: JoinedCase, seed: number): Story {
  const { maxConcurrency, latencyMs, sigma } = joined;
  const minutes = durationMs(joined) / 60_000;
  const story = lanesStoryOf({ maxConcurrency, latencyMs, express: "none", minutes }, seed);
  const latency = { medianMs: latencyMs, sigma, minMs: 5, maxMs: LATENCY_MAX_MEDIANS * latencyMs };
  const timeoutMs = Math.max(10_000, 1.2 * latency.maxMs);
  return { ...story, contract: { ...story.contract, latency, timeoutMs } };
}

/** Time for all requests, and for what is late about them. */
function durationMs({ count, latencyMs }: JoinedCase): number {
  return 60_000 + (count * BETWEEN_CALLS + 2 * LATENCY_MAX_MEDIANS) * latencyMs;
}

function requestsOf(
  seen: ReadonlyMap<string, Seen>,
  startCounts: ReadonlyMap<string, number>,
): readonly JoinedRequest[] {
  return [...seen].flatMap(([recordId, { endedAtMs, toldAtMs = Number.POSITIVE_INFINITY, receiveCount }]) => {
    // A call that was over before its record was asked for could not be joined.
    if (endedAtMs === undefined) return [];
    return [{ toldAfterMs: toldAtMs - endedAtMs, receiveCount, startCount: startCounts.get(recordId) ?? 0 }];
  });
}
