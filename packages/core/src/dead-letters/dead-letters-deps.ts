import type { SteeringDeps } from "../operator/steering-deps.ts";
import type { BrowsableQueue, Queue } from "../ports/queue.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { ByLane } from "../provider/lane.ts";

/** The parts that use-cases of dead letters work with. */
export interface DeadLettersDeps extends Pick<SteeringDeps, "provider" | "events" | "clock" | "ids" | "log"> {
  readonly deadLetters: BrowsableQueue;
  readonly lanes: ByLane<Queue>;
  readonly runs: Pick<RunStore, "read">;
}

/** Time for which letters that are only read are hidden, should their reader die. */
export const READ_HIDDEN_MS: number = 2 * 60_000;
