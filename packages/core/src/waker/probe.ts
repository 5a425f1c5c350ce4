import type { BreakerStatus } from "../breaker/breaker-status.ts";
import { messageOf } from "../errors.ts";
import type { Queue, ReceivedMessage } from "../ports/queue.ts";
import { type ByLane, LANES_BY_URGENCY } from "../provider/lane.ts";
import type { VentilatorDeps } from "../ventilator/deps.ts";
import { ventilate } from "../ventilator/ventilate.ts";
import { queuedCountOf } from "./queued-count.ts";

/** Everything that a probe works with: a ventilator's parts, because a probe is a batch of one, and the queues. */
export interface ProbeDeps extends VentilatorDeps {
  readonly queues: ByLane<Queue>;
}

/** A round goes on to further messages for this time: the law waits for a probe only some time longer than a call takes. */
const GO_ON_MS = 5_000;

/** A message to probe with, and the queue that it was received from. */
interface Received {
  readonly queue: Queue;
  readonly message: ReceivedMessage;
}

/**
 * Probes the provider: receives one message, takes the one permit and runs the record as the ventilator does; the law
 * decides on the outcome. Without a message the law may let the next arrival be the probe. Returns the breaker's status
 * afterwards.
 * @throws Unreachable if a queue or the store can't be had now
 */
export async function probe(deps: ProbeDeps, deadlineAtMs: number): Promise<BreakerStatus> {
  const { breaker } = deps;
  const received = await receiveOne(deps);
  // Messages that wait for a retry will come: until then there is nothing to probe with, and nothing to do.
  if (received === undefined && (await queuedCountOf(deps.queues)) > 0) return breaker.look();
  const begun = await breaker.observe({ kind: "wake", isQueueEmpty: received === undefined });
  if (received === undefined) return begun === "lost" ? breaker.look() : begun;
  if (begun === "lost" || begun.control.phase !== "half-open") {
    await returnMessage(received);
    return breaker.look();
  }
  const { epoch } = begun.control;
  const goOnUntilMs = deps.clock.nowMs() + GO_ON_MS;
  let next: Received | undefined = received;
  while (next !== undefined) {
    const isDone = await run(next, deps, deadlineAtMs);
    const after = await breaker.look();
    if (after.control.phase !== "half-open" || after.control.epoch !== epoch) return after;
    // A record that needs no call, because it has been fetched already, says nothing of the provider: another may.
    next = isDone && deps.clock.nowMs() < goOnUntilMs ? await receiveOne(deps) : undefined;
  }
  // The provider was not heard: all permits were out, or the worker could not be had.
  const missed = await breaker.observe({ kind: "probe-missed", epoch });
  return missed === "lost" ? breaker.look() : missed;
}

/** Receives a message of the most urgent lane that has one. */
async function receiveOne({ queues }: ProbeDeps): Promise<Received | undefined> {
  for (const lane of LANES_BY_URGENCY) {
    const queue = queues[lane];
    const message = await queue.receiveOne();
    if (message !== undefined) return { queue, message };
  }
  return undefined;
}

/** Runs the message as a batch; false if it was handed back. */
async function run({ queue, message }: Received, deps: ProbeDeps, deadlineAtMs: number): Promise<boolean> {
  const batch = { messages: [message], queue, deadlineAtMs, fanOut: 1, isProbe: true };
  const handedBack = await ventilate(batch, deps);
  if (handedBack.includes(message.messageId)) return false;
  try {
    await queue.delete(message.receiptHandle);
  } catch (thrown) {
    // It comes again, is found to be fetched and acknowledged then; what the probe showed matters now.
    deps.log.warn("the probe's message could not be deleted", { cause: messageOf(thrown) });
  }
  return true;
}

async function returnMessage({ queue, message }: Received): Promise<void> {
  await queue.changeVisibility([{ receiptHandle: message.receiptHandle, delayMs: 0 }]);
}
