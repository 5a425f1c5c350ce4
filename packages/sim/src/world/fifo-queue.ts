import { BATCH_SIZE_MAX } from "@sluice/core/aws-bounds";
import type { Queue, QueueEntry } from "@sluice/core/ports";
import { countSqsRequests, type SqsMeter } from "../billing/meter.ts";
import type { MappingQueue } from "../event-source-mapping/mapping-queue.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { createFifoContents, type FifoContentsOptions } from "./fifo-contents.ts";
import { toQueuedMessage, toReceivedMessage } from "./fifo-message.ts";
import { createLongPoll } from "./long-poll.ts";

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

/** Makes an empty queue. */
export function createFifoQueue(options: FifoQueueOptions): FifoQueue {
  const { clock, meter } = options;
  const contents = createFifoContents(options);
  const longPoll = createLongPoll(clock, contents);

  function remove(receiptHandles: readonly string[]): void {
    meter.deletes += 1;
    contents.remove(receiptHandles);
    longPoll.serve();
  }

  return {
    queue: {
      async send(entries) {
        countSqsRequests(meter, "sends", entries);
        for (const entry of entries) {
          options.onSent?.(entry);
          contents.add(entry);
        }
        longPoll.serve();
        return [];
      },
      async changeVisibility(changes) {
        meter.visibilityChanges += 1;
        contents.changeVisibility(changes);
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
        remove(receiptHandles);
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
