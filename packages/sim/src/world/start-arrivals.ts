import { type Queues, queuedCountIn } from "./queues.ts";
import { arrivalsOf } from "./records.ts";
import type { WorldContext } from "./world-context.ts";

const ARRIVALS_EVERY_MS = 1_000;

/**
 * Lets the scenario's records arrive, and stops the clock when all are done and no more will arrive; the answer tells
 * whether that is so.
 */
export function startArrivals(
  { options, clock, startMs, elapsedMs }: WorldContext,
  queues: Queues,
): () => boolean {
  const arrivals = arrivalsOf(options.scenario);
  let arrivedCount = 0;
  const isDrained = () => arrivedCount === arrivals.totalCount && queuedCountIn(queues) === 0;

  function arrive(): void {
    const count = arrivals.countAt(elapsedMs());
    if (count > arrivedCount) queues.lanes.records.arrive(count - arrivedCount);
    arrivedCount = count;
    if (isDrained()) clock.stop();
    clock.at(clock.nowMs() + ARRIVALS_EVERY_MS, arrive);
  }

  clock.at(startMs, arrive);
  return isDrained;
}
