import { BATCH_SIZE_MAX, VISIBILITY_TIMEOUT_MAX_MS } from "@sluice/core/aws-bounds";
import type { Queue, QueueEntry } from "@sluice/core/ports";
import { countSqsRequests, type SqsMeter } from "../billing/meter.ts";
import type { MappingQueue } from "../event-source-mapping/mapping-queue.ts";
import { createFifoContents, type FifoContentsOptions } from "../fifo-queue/fifo-contents.ts";
import { createLongPoll } from "../fifo-queue/long-poll.ts";
import { toQueuedMessage } from "../fifo-queue/queued-message.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { toFifoEntry, toReceivedMessage } from "./queue-messages.ts";

/** An SQS FIFO queue in memory, seen by the use-cases and by its event source mapping. */
export interface FifoQueue {
  readonly queue: Queue;
  readonly mappingQueue: MappingQueue;
  /** Adds so many made-up messages at once, without making them before they are received. */
  arrive(count: number): void;
  /** Messages that are not deleted. */
  size(): number;
  /** The time since the oldest message that is not deleted was sent; undefined if there is none. */
  oldestAgeMs(): number | undefined;
  /** The most receives that one message has had. */
  mostReceives(): number;
}

/** The settings of a queue, and what it is filled with. */
export interface FifoQueueOptions extends FifoContentsOptions {
  readonly clock: VirtualClock;
  readonly meter: SqsMeter;
  /** Called for each message that was sent rather than made up. */
  onSent?(entry: QueueEntry): void;
}

/** The longest delay that is asked of SQS: its 12 h count from the receive, which has passed. */
const DELAY_MAX_MS = VISIBILITY_TIMEOUT_MAX_MS - 100_000;

/** Makes an empty queue. */
export function createFifoQueue(options: FifoQueueOptions): FifoQueue {
  const { clock, meter } = options;
  const contents = createFifoContents(options);
  const longPoll = createLongPoll(clock, contents);

  /** Deletes messages; answers with the handles of those that stay. */
  function remove(receiptHandles: readonly string[]): readonly string[] {
    meter.deletes += 1;
    const refused = receiptHandles.filter((handle) => contents.remove(handle) === "expired");
    longPoll.serve();
    return refused;
  }

  return {
    queue: {
      async send(entries) {
        countSqsRequests(meter, "sends", entries);
        for (const entry of entries) {
          if (!contents.send(toFifoEntry(entry)).isDuplicate) options.onSent?.(entry);
        }
        longPoll.serve();
        return [];
      },
      async changeVisibility(changes) {
        meter.visibilityChanges += 1;
        for (const { receiptHandle, delayMs } of changes)
          contents.changeVisibility({ receiptHandle, delayMs: Math.min(delayMs, DELAY_MAX_MS) });
        longPoll.serve();
        return [];
      },
      async receiveOne() {
        const [message] = contents.take(1);
        countSqsRequests(meter, "receives", message === undefined ? [] : [message]);
        return message === undefined ? undefined : toReceivedMessage(message);
      },
      async delete(receiptHandle) {
        remove([receiptHandle]);
      },
      async depth() {
        meter.attributeReads += 1;
        return contents.depth();
      },
    },
    mappingQueue: {
      visibilityTimeoutMs: options.visibilityTimeoutMs,
      async receive(maxMessages) {
        const messages = await longPoll.receive(maxMessages);
        countSqsRequests(meter, "receives", messages);
        return messages.map(toQueuedMessage);
      },
      async deleteMessages(receiptHandles) {
        return remove(receiptHandles);
      },
    },
    arrive(count) {
      meter.sends += Math.ceil(count / BATCH_SIZE_MAX);
      contents.arrive(count);
      longPoll.serve();
    },
    size: contents.size,
    oldestAgeMs() {
      const sentAtMs = contents.oldestSentAtMs();
      return Number.isFinite(sentAtMs) ? clock.nowMs() - sentAtMs : undefined;
    },
    mostReceives: contents.mostReceives,
  };
}
