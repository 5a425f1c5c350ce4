import type { Load, Story } from "../story.ts";

/** A provider whose lanes are watched: how many calls at once, how long they last, and what comes in. */
export interface LanesCase {
  /** X. */
  readonly maxConcurrency: number;
  /** Median of the latency, in ms. */
  readonly latencyMs: number;
  /**
   * `absent`: the lane has no mapping; `none`: no express record; `some`: one now and then; `bursts`: ten at once now and then; `flood`: a backlog of
   * them, beside that of the bulk.
   */
  readonly express: "absent" | "none" | "some" | "bursts" | "flood";
  /** Minutes that are measured; left out: as many as the figures need to be known to a percent or two. */
  readonly minutes?: number;
}

/** Calls differ in length by a few percent, so that their ends don't stay in step. */
const SIGMA = 0.1;
/** Minutes that pass before anything is measured: the mappings have to open. */
export const WARM_UP_MINUTES = 5;
/** The minute in which the backlogs come: the mappings are open then, and a minute is enough for the lanes to have their parts. */
const BACKLOG_AT_MINUTE = 4;
/** Records of the express lane where they come now and then. */
const EXPRESS_COUNT = 100;
/** Records that come at once where they come in bursts: as many as a batch holds. */
const BURST_COUNT = 10;
/** Part of the permits that they take. */
const EXPRESS_PART = 0.08;
/** Calls after which shares and throughput are known, where no waits are measured. */
const CALLS_MIN = 400;
const MINUTES_MIN = 5;

/** Minutes that are measured: as long as the express records need to be few beside the bulk, else for enough calls. */
export function measuredMinutes({ maxConcurrency, latencyMs, express, minutes }: LanesCase): number {
  if (minutes !== undefined) return minutes;
  const callCount = express === "some" || express === "bursts" ? EXPRESS_COUNT / EXPRESS_PART : CALLS_MIN;
  return Math.max(MINUTES_MIN, (callCount * latencyMs) / (60_000 * maxConcurrency));
}

/** The story of a case: a full backlog of the bulk, and express records after a while. */
export function lanesStoryOf(lanes: LanesCase, seed: number): Story {
  const { maxConcurrency, latencyMs } = lanes;
  const minutes = WARM_UP_MINUTES + measuredMinutes(lanes);
  const workedMs = (minutes - BACKLOG_AT_MINUTE) * 60_000;
  const backlogCount = Math.ceil((1.1 * maxConcurrency * workedMs) / latencyMs) + 100;
  const bulk: Load = {
    atMinute: BACKLOG_AT_MINUTE,
    overMinutes: 0,
    lane: "records",
    run: "bulk",
    firstRecord: 0,
    count: backlogCount,
  };
  return {
    seed,
    startsAt: "2026-01-05T00:00:00Z",
    contract: {
      id: "sim",
      timeZone: "UTC",
      maxConcurrency,
      slowAfterMs: 2 * latencyMs,
      timeoutMs: Math.max(10_000, 3 * latencyMs),
      latency: { medianMs: latencyMs, sigma: SIGMA, minMs: latencyMs / 2, maxMs: 2 * latencyMs },
      worker: { name: "demo" },
    },
    nature: {
      overload: "reject",
      exponent: 1,
      retryAfterSeconds: null,
      poisonRatio: 0,
      rejectedRatio: 0,
      causeLength: 9,
      hasBrokenWait: false,
      fragile: null,
    },
    weather: [],
    load: [bulk, ...expressLoads(lanes, backlogCount, minutes)],
    faults: [],
    skewMs: 2_000,
  };
}

function expressLoads({ express }: LanesCase, bulkCount: number, minutes: number): Load[] {
  const load = { lane: "express", run: "express", firstRecord: bulkCount } as const;
  switch (express) {
    case "absent":
    case "none":
      return [];
    case "some":
      return [
        { ...load, atMinute: WARM_UP_MINUTES, overMinutes: minutes - WARM_UP_MINUTES, count: EXPRESS_COUNT },
      ];
    case "bursts":
      return Array.from({ length: EXPRESS_COUNT / BURST_COUNT }, (_, index) => ({
        ...load,
        run: `express-${index}`,
        firstRecord: bulkCount + index * BURST_COUNT,
        atMinute: WARM_UP_MINUTES + (index / (EXPRESS_COUNT / BURST_COUNT)) * (minutes - WARM_UP_MINUTES),
        overMinutes: 0,
        count: BURST_COUNT,
      }));
    case "flood":
      return [{ ...load, atMinute: BACKLOG_AT_MINUTE, overMinutes: 0, count: bulkCount }];
  }
}
