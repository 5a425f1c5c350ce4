import type { Queue, QueueDepth } from "../ports/queue.ts";
import { type ByLane, LANES } from "../provider/lane.ts";

/** Messages that wait or are being worked on, over all lanes; approximate on SQS. @throws Unreachable */
export async function queuedCountOf(queues: ByLane<Queue>): Promise<number> {
  const [records, express] = await Promise.all([queues.records.depth(), queues.express.depth()]);
  return messagesIn({ records, express });
}

/** Messages in queues of this depth. */
export function messagesIn(queued: ByLane<QueueDepth>): number {
  return LANES.reduce((sum, lane) => sum + queued[lane].visibleCount + queued[lane].inFlightCount, 0);
}
