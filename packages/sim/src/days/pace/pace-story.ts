import { lanesStoryOf, WARM_UP_MINUTES } from "../lanes/lanes-story.ts";
import type { Story } from "../story.ts";

/** A run on a steady day: how many records, at how many calls at once, of what length. */
export interface PaceCase {
  readonly count: number;
  /** X. */
  readonly maxConcurrency: number;
  /** Median of the latency, in ms. */
  readonly latencyMs: number;
  /** The minute in which it is enqueued; left out: once the mappings are open, and a waker has seen them so. */
  readonly atMinute?: number;
}

/** The name of the run that is watched. */
export const RUN_ID = "steady";
/** The mappings are open then, and a waker has seen them so. */
const OPEN_AT_MINUTE = WARM_UP_MINUTES + 1;

/** The minute in which the run of a case is enqueued. */
export function enqueuedAtMinute({ atMinute = OPEN_AT_MINUTE }: PaceCase): number {
  return atMinute;
}

/** The story of a case. */
export function paceStoryOf(pace: PaceCase, seed: number): Story {
  const { count, maxConcurrency, latencyMs } = pace;
  return {
    ...lanesStoryOf({ maxConcurrency, latencyMs, express: "none" }, seed),
    load: [
      {
        atMinute: enqueuedAtMinute(pace),
        overMinutes: 0,
        lane: "records",
        run: RUN_ID,
        firstRecord: 0,
        count,
      },
    ],
  };
}
