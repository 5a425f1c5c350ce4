import { Unreachable } from "@sluice/core/errors";
import type {
  BrowsableQueue,
  QueueEntry,
  ReceivedMessage,
  SendFailure,
  VisibilityChange,
  WholeMessage,
} from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";

/**
 * {@link BrowsableQueue} that remembers its calls, and fails when a test tells it to. No time passes in it: a received message
 * stays hidden until it is deleted or made visible at once.
 */
export interface MemoryQueue extends BrowsableQueue {
  /** Entries sent and not deleted, first copies only: a repeated deduplication id is swallowed, as SQS does. */
  readonly entries: readonly QueueEntry[];
  readonly changes: readonly VisibilityChange[];
  /** Number of sends, the refused ones included. */
  readonly sendCount: number;
  /** The next `count` calls find the queue unreachable. */
  failNext(count: number): void;
  /** Makes all hidden messages visible, as the end of their time does. */
  showAll(): void;
  /** Decides for each further entry whether it is refused. */
  refuse(rule: (entry: QueueEntry) => Omit<SendFailure, "index"> | undefined): void;
}

/** A message in the queue; hidden while it is received. */
interface Stored {
  readonly messageId: string;
  readonly entry: QueueEntry;
  readonly sentAtMs: number;
  receiveCount: number;
  isHidden: boolean;
}

/**
 * Makes an empty queue that takes everything.
 * @param nowMs tells the instant at which a message is sent
 */
export function createMemoryQueue(nowMs: () => number = Date.now): MemoryQueue {
  const messages: Stored[] = [];
  const sentIds = new Set<string>();
  const changes: VisibilityChange[] = [];
  let failures = 0;
  let sendCount = 0;
  let ruleOf: (entry: QueueEntry) => Omit<SendFailure, "index"> | undefined = () => undefined;

  function failIfTold(): void {
    if (failures === 0) return;
    failures -= 1;
    throw new Unreachable("the memory queue", "told to fail");
  }

  function store(entry: QueueEntry): void {
    sentIds.add(entry.deduplicationId);
    messages.push({
      messageId: `message-${sentIds.size}`,
      entry,
      sentAtMs: nowMs(),
      receiveCount: 0,
      isHidden: false,
    });
  }

  /** False for the handle of a receive that another one has followed. */
  function remove(receiptHandle: string): boolean {
    const index = messages.findIndex((message) => handleOf(message) === receiptHandle);
    if (index >= 0) messages.splice(index, 1);
    const [messageId] = /message-\d+/.exec(receiptHandle) ?? [];
    return index >= 0 || !messages.some((message) => message.messageId === messageId);
  }

  function isGroupHidden(groupId: string): boolean {
    return messages.some(({ entry, isHidden }) => isHidden && entry.groupId === groupId);
  }

  return {
    changes,
    get entries() {
      return messages.map(({ entry }) => entry);
    },
    get sendCount() {
      return sendCount;
    },
    failNext: (count) => {
      failures = count;
    },
    showAll() {
      for (const message of messages) message.isHidden = false;
    },
    refuse: (rule) => {
      ruleOf = rule;
    },
    async send(batch) {
      sendCount += 1;
      failIfTold();
      return batch.flatMap((entry, index): SendFailure[] => {
        const failure = ruleOf(entry);
        if (failure !== undefined) return [{ index, ...failure }];
        if (!sentIds.has(entry.deduplicationId)) store(entry);
        return [];
      });
    },
    async changeVisibility(more) {
      failIfTold();
      changes.push(...more);
      for (const { receiptHandle, delayMs } of more) {
        const message = messages.find((one) => handleOf(one) === receiptHandle);
        if (message !== undefined && delayMs <= 0) message.isHidden = false;
      }
      return [];
    },
    async receiveOne() {
      failIfTold();
      const message = messages.find(({ entry }) => !isGroupHidden(entry.groupId));
      if (message === undefined) return undefined;
      message.isHidden = true;
      message.receiveCount += 1;
      return toReceived(message);
    },
    async receive({ maxCount }) {
      failIfTold();
      const held = new Set(messages.filter(({ isHidden }) => isHidden).map(({ entry }) => entry.groupId));
      const seen = messages.filter(({ entry }) => !held.has(entry.groupId)).slice(0, maxCount);
      for (const message of seen) {
        message.isHidden = true;
        message.receiveCount += 1;
      }
      return seen.map(toWhole);
    },
    async delete(receiptHandle) {
      failIfTold();
      remove(receiptHandle);
    },
    async deleteAll(receiptHandles) {
      failIfTold();
      return receiptHandles.flatMap((receiptHandle, index): SendFailure[] =>
        remove(receiptHandle) ? [] : [{ index, reason: "the receipt is of another receive", isFinal: true }],
      );
    },
    async depth() {
      const inFlightCount = messages.filter(({ isHidden }) => isHidden).length;
      return { visibleCount: messages.length - inFlightCount, inFlightCount };
    },
  };
}

function handleOf({ messageId, receiveCount }: Stored): string {
  return `receipt-${messageId}-${receiveCount}`;
}

function toWhole(message: Stored): WholeMessage {
  const { groupId, attributes = {} } = message.entry;
  return { ...toReceived(message), groupId, attributes, sentAtMs: message.sentAtMs };
}

function toReceived(message: Stored): ReceivedMessage {
  const { messageId, entry, receiveCount } = message;
  return {
    messageId,
    receiptHandle: handleOf(message),
    body: entry.body,
    receiveCount,
    isRedriven: DEAD_LETTER_ATTRIBUTE in (entry.attributes ?? {}),
  };
}
