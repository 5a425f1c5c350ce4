import type { MappingQueue } from "../../event-source-mapping/mapping-queue.ts";
import {
  createFifoContents,
  type FifoContents,
  type FifoContentsOptions,
} from "../../fifo-queue/fifo-contents.ts";
import type { FifoMessage } from "../../fifo-queue/fifo-message.ts";
import { createLongPoll, type ReceiveOptions } from "../../fifo-queue/long-poll.ts";
import { toQueuedMessage } from "../../fifo-queue/queued-message.ts";
import type { TimerClock } from "../../virtual-time/timer-clock.ts";
import { md5OfBody } from "./md5.ts";
import type { QueueAttributes } from "./queue-settings.ts";
import { createReceiveAttempts } from "./receive-attempts.ts";

/** A queue of the virtual SQS. */
export interface VirtualQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly attributes: QueueAttributes;
  readonly tags: Record<string, string>;
  readonly contents: FifoContents;
  /** The same queue as an event source mapping sees it. */
  readonly mappingQueue: MappingQueue;
  /** Receives messages; a call with the id of one of the last five minutes gets the same messages. */
  receive(maxMessages: number, options: ReceiveOptions, attemptId?: string): Promise<readonly FifoMessage[]>;
  /** Serves the receives that wait; to be called after each change that may let messages be seen. */
  serve(): void;
}

/** The identity of a queue, its settings, and the options of its contents. */
export interface VirtualQueueOptions
  extends Pick<VirtualQueue, "name" | "url" | "arn" | "attributes" | "tags"> {
  readonly clock: TimerClock;
  readonly contents: Omit<FifoContentsOptions, "clock" | "visibilityTimeoutMs" | "retentionMs" | "name">;
  /** Stands between the queue and its contents; by default nothing does. */
  watch?(contents: FifoContents): FifoContents;
}

/** Makes an empty queue. */
export function createVirtualQueue({
  clock,
  contents: options,
  watch = (contents) => contents,
  ...identity
}: VirtualQueueOptions): VirtualQueue {
  const { name, attributes } = identity;
  const visibilityTimeoutMs = Number(attributes.VisibilityTimeout) * 1_000;
  const contents = watch(
    createFifoContents({
      ...options,
      clock,
      name,
      visibilityTimeoutMs,
      retentionMs: Number(attributes.MessageRetentionPeriod) * 1_000,
      deduplicationScope: attributes.DeduplicationScope,
    }),
  );
  const longPoll = createLongPoll(clock, contents);
  const attempts = createReceiveAttempts(clock);
  return {
    ...identity,
    contents,
    serve: longPoll.serve,
    async receive(maxMessages, receiveOptions, attemptId) {
      const before = attempts.find(attemptId);
      const again = before && contents.takeAgain(before, receiveOptions.visibilityTimeoutMs);
      const messages = again ?? (await longPoll.receive(maxMessages, receiveOptions));
      attempts.remember(attemptId, messages);
      return messages;
    },
    mappingQueue: {
      visibilityTimeoutMs,
      async receive(maxMessages) {
        const messages = await longPoll.receive(maxMessages);
        return messages.map((message) => ({
          ...toQueuedMessage(message),
          md5OfBody: md5OfBody(message.body),
        }));
      },
      async deleteMessages(receiptHandles) {
        const late = receiptHandles.filter((handle) => contents.remove(handle) === "expired");
        longPoll.serve();
        return late;
      },
    },
  };
}
