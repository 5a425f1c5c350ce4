import type { Queue } from "../ports/queue.ts";
import type { ByLane } from "../provider/lane.ts";
import type { VentilatorDeps } from "../ventilator/deps.ts";

/** Everything that a probe works with: a ventilator's parts, because a probe is a batch of one, and the queues. */
export interface ProbeDeps extends VentilatorDeps {
  readonly queues: ByLane<Queue>;
}
