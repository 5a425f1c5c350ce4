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
 * {@link BrowsableQueue} that remembers its calls, and fails when a test tells it to. Where it differs from SQS its conformance
 * test says so: no time passes in it, so a received message stays hidden until it is deleted or made visible at once,
 * and it accepts handles that it never gave out, because tests make messages up.
 */
export interface MemoryQueue extends BrowsableQueue {
  /** Entries sent and not deleted, first copies only: a deduplication id that its group had before is swallowed. */
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

/** A message that was sent; hidden while it is received. */
interface Stored {
  readonly messageId: string;
  readonly entry: QueueEntry;
  readonly sentAtMs: number;
  receiveCount: number;
  state: "visible" | "hidden" | "deleted";
}

/** What SQS takes for a message group or deduplication id: letters, digits and punctuation of ASCII, at most 128. */
const ID = /^[!-~]{1,128}$/;

/** The refusal of a call, by the name that SQS gives it. */
class CallRefused extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * Makes an empty queue that takes everything.
 * @param nowMs tells the instant at which a message is sent
 */
export function createMemoryQueue(nowMs: () => number = Date.now): MemoryQueue {
  // In the order of sending, deleted ones too: they swallow repetitions.
  const sent: Stored[] = [];
  const changes: VisibilityChange[] = [];
  let failures = 0;
  let sendCount = 0;
  let ruleOf: (entry: QueueEntry) => Omit<SendFailure, "index"> | undefined = () => undefined;

  const kept = () => sent.filter(({ state }) => state !== "deleted");

  function failIfTold(): void {
    if (failures === 0) return;
    failures -= 1;
    throw new Unreachable("the memory queue", "told to fail");
  }

  function store(entry: QueueEntry): void {
    const isRepeated = sent.some(
      (one) => one.entry.deduplicationId === entry.deduplicationId && one.entry.groupId === entry.groupId,
    );
    if (isRepeated) return;
    const messageId = `message-${sent.length + 1}`;
    sent.push({ messageId, entry, sentAtMs: nowMs(), receiveCount: 0, state: "visible" });
  }

  function isGroupHidden(groupId: string): boolean {
    return sent.some(({ entry, state }) => state === "hidden" && entry.groupId === groupId);
  }

  /** The message that a handle was given out for; undefined for handles of a test's own. */
  function messageOf(receiptHandle: string): Stored | undefined {
    return sent.find(({ messageId }) => receiptHandle.startsWith(`receipt-${messageId}-`));
  }

  function change({ receiptHandle, delayMs }: VisibilityChange, index: number): SendFailure[] {
    const message = messageOf(receiptHandle);
    if (message === undefined) return [];
    if (handleOf(message) !== receiptHandle || message.state !== "hidden")
      return [{ index, reason: "MessageNotInflight", isFinal: true }];
    if (delayMs <= 0) message.state = "visible";
    return [];
  }

  return {
    changes,
    get entries() {
      return kept().map(({ entry }) => entry);
    },
    get sendCount() {
      return sendCount;
    },
    failNext: (count) => {
      failures = count;
    },
    showAll() {
      for (const message of sent) if (message.state === "hidden") message.state = "visible";
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
        if (!ID.test(entry.groupId) || !ID.test(entry.deduplicationId))
          return [{ index, reason: "InvalidParameterValue", isFinal: true }];
        store(entry);
        return [];
      });
    },
    async changeVisibility(more) {
      failIfTold();
      changes.push(...more);
      return more.flatMap(change);
    },
    async receiveOne() {
      failIfTold();
      const message = kept().find(({ entry }) => !isGroupHidden(entry.groupId));
      if (message === undefined) return undefined;
      message.state = "hidden";
      message.receiveCount += 1;
      return toReceived(message);
    },
    async receive({ maxCount }) {
      failIfTold();
      const seen = kept()
        .filter(({ entry }) => !isGroupHidden(entry.groupId))
        .slice(0, maxCount);
      for (const message of seen) {
        message.state = "hidden";
        message.receiveCount += 1;
      }
      return seen.map(toWhole);
    },
    async delete(receiptHandle) {
      failIfTold();
      const message = messageOf(receiptHandle);
      if (message === undefined || message.state === "deleted") return;
      if (handleOf(message) !== receiptHandle || message.state !== "hidden")
        throw new CallRefused("InvalidParameterValue", "The receipt handle has expired.");
      message.state = "deleted";
    },
    async deleteAll(receiptHandles) {
      failIfTold();
      return receiptHandles.flatMap((receiptHandle, index): SendFailure[] => {
        const message = messageOf(receiptHandle);
        if (message === undefined || message.state === "deleted") return [];
        if (handleOf(message) !== receiptHandle || message.state !== "hidden")
          return [{ index, reason: "the receipt is of another receive", isFinal: true }];
        message.state = "deleted";
        return [];
      });
    },
    async depth() {
      const inFlightCount = sent.filter(({ state }) => state === "hidden").length;
      return { visibleCount: kept().length - inFlightCount, inFlightCount };
    },
  };
}

function handleOf({ messageId, receiveCount }: Stored): string {
  return `receipt-${messageId}-${receiveCount}`;
}

function toWhole(message: Stored): WholeMessage {
  const { groupId, attributes = {} } = message.entry;
  return { ...toReceived(message), sentAtMs: message.sentAtMs, groupId, attributes };
}

function toReceived(message: Stored): ReceivedMessage {
  const { messageId, entry, receiveCount, sentAtMs } = message;
  return {
    messageId,
    receiptHandle: handleOf(message),
    body: entry.body,
    receiveCount,
    sentAtMs,
    isRedriven: DEAD_LETTER_ATTRIBUTE in (entry.attributes ?? {}),
  };
}
