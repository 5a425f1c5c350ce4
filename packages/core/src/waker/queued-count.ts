import type { Queue } from "../ports/queue.ts";
import { type ByLane, LANES } from "../provider/lane.ts";

/** Messages that wait or are being worked on, over all lanes; approximate on SQS. @throws Unreachable */
export async function queuedCountOf(queues: ByLane<Queue>): Promise<number> {
  const depths = await Promise.all(LANES.map((lane) => queues[lane].depth()));
  return depths.reduce((sum, { visibleCount, inFlightCount }) => sum + visibleCount + inFlightCount, 0);
}
