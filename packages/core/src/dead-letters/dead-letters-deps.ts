import type { SteeringDeps } from "../operator/steering-deps.ts";
import type { BrowsableQueue, Queue } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { ByLane } from "../provider/lane.ts";

/** The parts that use-cases of dead letters work with. */
export interface DeadLettersDeps extends Pick<SteeringDeps, "provider" | "events" | "clock" | "ids" | "log"> {
  readonly deadLetters: BrowsableQueue;
  readonly lanes: ByLane<Queue>;
  readonly runs: Pick<RunStore, "read">;
  /** For waits: two that hide letters from each other must not go on in step. */
  readonly random: Random;
}

/** Time for which letters that are only read are hidden, should their reader die. */
export const READ_HIDDEN_MS: number = 2 * 60_000;

/** Time in which letters that others look at are waited for: a look at a thousand takes some seconds. */
export const WAIT_FOR_OTHERS_MS: number = 10_000;
