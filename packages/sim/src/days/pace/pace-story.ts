import { lanesStoryOf, WARM_UP_MINUTES } from "../lanes/lanes-story.ts";
import type { Story } from "../story.ts";

/** A run on a steady day: how many records, at how many calls at once, of what length. */
export interface PaceCase {
  readonly count: number;
  /** X. */
  readonly maxConcurrency: number;
  /** Median of the latency, in ms. */
  readonly latencyMs: number;
}

/** The name of the run that is watched. */
export const RUN_ID = "steady";
/** The minute in which it is enqueued: the mappings are open then, and a waker has seen them so. */
export const ENQUEUED_AT_MINUTE: number = WARM_UP_MINUTES + 1;

/** The story of a case. */
export function paceStoryOf({ count, ...provider }: PaceCase, seed: number): Story {
  return {
    ...lanesStoryOf({ ...provider, express: "none" }, seed),
    load: [
      {
        atMinute: ENQUEUED_AT_MINUTE,
        overMinutes: 0,
        lane: "records",
        run: RUN_ID,
        firstRecord: 0,
        count,
      },
    ],
  };
}
