import { Unreachable } from "@sluice/core/errors";
import type { Queue, QueueEntry, ReceivedMessage, SendFailure, VisibilityChange } from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";

/**
 * {@link Queue} that remembers its calls, and fails when a test tells it to. No time passes in it: a received message
 * stays hidden until it is deleted or made visible at once.
 */
export interface MemoryQueue extends Queue {
  /** Entries sent and not deleted, first copies only: a repeated deduplication id is swallowed, as SQS does. */
  readonly entries: readonly QueueEntry[];
  readonly changes: readonly VisibilityChange[];
  /** Number of sends, the refused ones included. */
  readonly sendCount: number;
  /** The next `count` calls find the queue unreachable. */
  failNext(count: number): void;
  /** Decides for each further entry whether it is refused. */
  refuse(rule: (entry: QueueEntry) => Omit<SendFailure, "index"> | undefined): void;
}

/** A message in the queue; hidden while it is received. */
interface Stored {
  readonly messageId: string;
  readonly entry: QueueEntry;
  receiveCount: number;
  isHidden: boolean;
}

/** Makes an empty queue that takes everything. */
export function createMemoryQueue(): MemoryQueue {
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
    messages.push({ messageId: `message-${sentIds.size}`, entry, receiveCount: 0, isHidden: false });
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
    async delete(receiptHandle) {
      failIfTold();
      const index = messages.findIndex((message) => handleOf(message) === receiptHandle);
      if (index >= 0) messages.splice(index, 1);
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
