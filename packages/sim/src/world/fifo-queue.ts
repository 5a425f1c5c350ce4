import type { Queue, QueueEntry, ReceivedMessage, VisibilityChange } from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/ventilator";
import { countSqsRequests, type SqsMeter } from "../billing/sqs-meter.ts";
import type { MappingQueue, QueuedMessage } from "../event-source-mapping/mapping-queue.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { createBacklog } from "./backlog.ts";
import { createGroups, type Message } from "./groups.ts";

/** An SQS FIFO queue in memory, seen by the use-cases and by its event source mapping. */
export interface FifoQueue {
  readonly queue: Queue;
  readonly mappingQueue: MappingQueue;
  /** Adds so many made-up messages at once, without making them before they are received. */
  arrive(count: number): void;
  /** Messages that are not deleted. */
  size(): number;
  /** How long the oldest message that is not deleted has been there; undefined if there is none. */
  oldestAgeMs(): number | undefined;
  /** How often the message was received that was received most often. */
  mostReceives(): number;
}

/** What a queue is like. */
export interface FifoQueueOptions {
  readonly clock: VirtualClock;
  readonly visibilityTimeoutMs: number;
  readonly meter: SqsMeter;
  /** The n-th made-up message, from 0 on. Messages of one group wait for each other. */
  makeUp(index: number): { readonly groupId: string; readonly body: string };
  /** Called for each message that was sent rather than made up. */
  onSent?(entry: QueueEntry): void;
}

/**
 * A receive waits this long for messages, the longest that SQS knows: fewer empty receives.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
const LONG_POLL_MS = 20_000;
/** Beyond so many messages in flight, receives bring nothing: quota of FIFO queues, at the same address. */
const IN_FLIGHT_MAX = 120_000;
/** Senders send batches of ten, the most that SQS takes. */
const BATCH_SIZE_MAX = 10;
const NO_ATTRIBUTES = {};

interface Waiter {
  readonly maxMessages: number;
  readonly resolve: (messages: readonly Message[]) => void;
}

/** Makes an empty queue. */
export function createFifoQueue(options: FifoQueueOptions): FifoQueue {
  const { clock, meter, visibilityTimeoutMs } = options;
  const backlog = createBacklog(options.makeUp);
  const groups = createGroups();
  const waiters = new Set<Waiter>();
  let sequence = 0;
  let mostReceives = 0;
  let armedAtMs = Number.POSITIVE_INFINITY;

  /** Receives what is visible now, the oldest first. */
  function take(maxMessages: number): Message[] {
    groups.reveal(clock.nowMs());
    const taken: Message[] = [];
    const receive = { hiddenUntilMs: clock.nowMs() + visibilityTimeoutMs, taken };
    while (taken.length < maxMessages && groups.hiddenCount() < IN_FLIGHT_MAX) {
      const fresh = backlog.peek();
      const free = fresh !== undefined && groups.isFree(fresh.groupId, receive) ? fresh : undefined;
      const returned = groups.firstReady(receive);
      if (returned === undefined && free === undefined) break;
      const isReturnedFirst =
        returned !== undefined && returned.sequence < (free?.sequence ?? returned.sequence + 1);
      groups.hide(isReturnedFirst ? returned : backlog.take(), receive);
    }
    mostReceives = taken.reduce((most, { receiveCount }) => Math.max(most, receiveCount), mostReceives);
    return taken;
  }

  async function receive(maxMessages: number): Promise<readonly Message[]> {
    const taken = take(maxMessages);
    if (taken.length > 0) return taken;
    return new Promise((resolve) => {
      const waiter = { maxMessages, resolve: finish };
      const timer = clock.at(clock.nowMs() + LONG_POLL_MS, () => finish([]));
      function finish(messages: readonly Message[]): void {
        timer.cancel();
        waiters.delete(waiter);
        resolve(messages);
      }
      waiters.add(waiter);
      arm();
    });
  }

  /** Serves those who wait, after each change that may let messages be seen. */
  function serveWaiters(): void {
    for (const waiter of waiters) {
      const taken = take(waiter.maxMessages);
      if (taken.length === 0) break;
      waiter.resolve(taken);
    }
    arm();
  }

  /** Looks again when the next message becomes visible. */
  function arm(): void {
    const nextAtMs = groups.nextRevealAtMs();
    if (waiters.size === 0 || nextAtMs >= armedAtMs) return;
    armedAtMs = nextAtMs;
    clock.at(nextAtMs, () => {
      armedAtMs = Number.POSITIVE_INFINITY;
      serveWaiters();
    });
  }

  function remove(receiptHandles: readonly string[]): void {
    groups.reveal(clock.nowMs());
    for (const handle of receiptHandles) groups.remove(handle);
    serveWaiters();
  }

  function changeVisibility(changes: readonly VisibilityChange[]): void {
    const nowMs = clock.nowMs();
    groups.reveal(nowMs);
    // SQS counts in whole seconds.
    for (const { receiptHandle, delayMs } of changes) {
      groups.hideUntil(receiptHandle, nowMs + 1_000 * Math.ceil(Math.max(0, delayMs) / 1_000));
    }
    groups.reveal(nowMs);
    serveWaiters();
  }

  function send(entries: readonly QueueEntry[]): void {
    for (const entry of entries) {
      options.onSent?.(entry);
      groups.add({ ...entry, sequence, sentAtMs: clock.nowMs() });
      sequence += 1;
    }
    serveWaiters();
  }

  return {
    queue: {
      async send(entries) {
        countSqsRequests(meter, "sends", entries);
        send(entries);
        return [];
      },
      async changeVisibility(changes) {
        meter.visibilityChanges += 1;
        changeVisibility(changes);
      },
      async receiveOne() {
        const [message] = take(1);
        countSqsRequests(meter, "receives", message === undefined ? [] : [message]);
        return message === undefined ? undefined : toReceivedMessage(message);
      },
      async delete(receiptHandle) {
        meter.deletes += 1;
        remove([receiptHandle]);
      },
      async depth() {
        meter.attributeReads += 1;
        groups.reveal(clock.nowMs());
        const inFlightCount = groups.hiddenCount();
        return { visibleCount: backlog.size() + groups.size() - inFlightCount, inFlightCount };
      },
    },
    mappingQueue: {
      visibilityTimeoutMs,
      async receive(maxMessages) {
        const messages = await receive(maxMessages);
        countSqsRequests(meter, "receives", messages);
        return messages.map(toQueuedMessage);
      },
      async deleteMessages(receiptHandles) {
        meter.deletes += 1;
        remove(receiptHandles);
      },
    },
    arrive(count) {
      meter.sends += Math.ceil(count / BATCH_SIZE_MAX);
      backlog.add({ count, firstSequence: sequence, sentAtMs: clock.nowMs() });
      sequence += count;
      serveWaiters();
    },
    size: () => backlog.size() + groups.size(),
    oldestAgeMs() {
      const sentAtMs = Math.min(
        groups.oldestSentAtMs(),
        backlog.peek()?.sentAtMs ?? Number.POSITIVE_INFINITY,
      );
      return Number.isFinite(sentAtMs) ? clock.nowMs() - sentAtMs : undefined;
    },
    mostReceives: () => mostReceives,
  };
}

function toQueuedMessage(message: Message): QueuedMessage {
  return {
    messageId: `message-${message.sequence}`,
    receiptHandle: message.receiptHandle,
    body: message.body,
    md5OfBody: "",
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAtMs),
      MessageGroupId: message.groupId,
    },
    messageAttributes: message.attributes === undefined ? NO_ATTRIBUTES : typed(message.attributes),
  };
}

function typed(attributes: Readonly<Record<string, string>>): QueuedMessage["messageAttributes"] {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: "String", stringValue }]),
  );
}

function toReceivedMessage(message: Message): ReceivedMessage {
  return {
    messageId: `message-${message.sequence}`,
    receiptHandle: message.receiptHandle,
    body: message.body,
    receiveCount: message.receiveCount,
    isRedriven: message.attributes !== undefined && DEAD_LETTER_ATTRIBUTE in message.attributes,
  };
}
