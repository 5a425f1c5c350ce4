import { RETENTION_MAX_MS } from "@sluice/core/aws-bounds";
import type { Clock, QueueDepth, VisibilityChange } from "@sluice/core/ports";
import { createDeduplication, type DeduplicationScope } from "./deduplication.ts";
import type { FifoEntry, FifoMessage } from "./fifo-message.ts";
import { createKeptMessages, type KeptMessagesOptions } from "./kept-messages.ts";
import { createLaggingCounts } from "./lagging-counts.ts";
import { createReceiptChanges, type RemovalOutcome, type VisibilityOutcome } from "./receipt-changes.ts";
import { createReceives, type Redrive, type TakenMessage } from "./receives.ts";

/** The messages of a FIFO queue that are not deleted, and what a send, a receive or a receipt handle does to them. */
export interface FifoContents {
  /** Adds so many made-up messages at once, without making them before they are received. */
  arrive(count: number): void;
  /** Adds a message that is visible, unless one with its deduplication id was sent before. */
  send(entry: FifoEntry): SendOutcome;
  /** Takes in a message that another queue has given up. */
  adopt(message: FifoMessage, deadLetterOf: string): void;
  /**
   * Receives what is visible now and hides it, by default for the queue's visibility timeout: the oldest first, and
   * with it as many of its group as there are.
   */
  take(maxMessages: number, visibilityTimeoutMs?: number): readonly FifoMessage[];
  /** Hides what a receive has taken for its time anew; undefined if any of it was changed or deleted since. */
  takeAgain(taken: readonly TakenMessage[], visibilityTimeoutMs?: number): readonly FifoMessage[] | undefined;
  /** Deletes the message of a receipt handle. */
  remove(receiptHandle: string): RemovalOutcome;
  /** Lets a received message be seen after a delay, rounded up to whole seconds. */
  changeVisibility(change: VisibilityChange): VisibilityOutcome;
  /** The instant at which the next message becomes visible, if nothing changes; plus infinity if none is hidden. */
  nextRevealAtMs(): number;
  /** The counts as the queue tells them, which may lag. */
  depth(): QueueDepth;
  /** Hidden or visible messages. */
  size(): number;
  /** Plus infinity if there is no message. */
  oldestSentAtMs(): number;
  /** The most receives that one message has had. */
  mostReceives(): number;
  /** Messages that were deleted at the end of their retention. */
  expiredCount(): number;
}

/** A message that was sent, or the earlier one that it is taken for. */
export interface SendOutcome {
  readonly messageId: string;
  readonly sequence: number;
  readonly isDuplicate: boolean;
}

/** The settings of a queue, and what it is filled with; each that is left out has a default. */
export interface FifoContentsOptions extends Pick<KeptMessagesOptions, "makeUp"> {
  readonly clock: Clock;
  readonly visibilityTimeoutMs: number;
  /** By default the longest there is, 14 days. */
  readonly retentionMs?: number;
  /** By default the message group, as in high-throughput mode. */
  readonly deduplicationScope?: DeduplicationScope;
  /** Told to the queue that adopts its messages, and part of its receipt handles; by default none. */
  readonly name?: string;
  /** By default `message-` and the place in the order of arrival. */
  messageIdOf?(sequence: number): string;
  /** By default messages are never given up. */
  readonly redrive?: Redrive;
  /** The instant as of which the counts are that are told now; it never falls. By default they are exact. */
  countedAtMs?(nowMs: number): number;
}

/** Starts empty. */
export function createFifoContents(options: FifoContentsOptions): FifoContents {
  const { clock, name = "", retentionMs = RETENTION_MAX_MS, countedAtMs } = options;
  const kept = createKeptMessages({
    receiptPrefix: name === "" ? "" : `${name}/`,
    makeUp: options.makeUp,
    messageIdOf: options.messageIdOf ?? ((sequence) => `message-${sequence}`),
  });
  const deduplication = createDeduplication(options.deduplicationScope ?? "messageGroup");
  const counts = countedAtMs && createLaggingCounts(countedAtMs);
  const receives = createReceives({ ...options, name, kept, settle, note });
  const changes = createReceiptChanges({ clock, kept, settle, note });
  let expiredCount = 0;

  /** Lets the time that has passed do its work. */
  function settle(): void {
    const nowMs = clock.nowMs();
    for (let due = kept.reveal(nowMs); due !== undefined; due = kept.reveal(nowMs)) note(due.hiddenUntilMs);
    const sentAtMs = nowMs - retentionMs;
    if (kept.oldestSentAtMs() > sentAtMs) return;
    expiredCount += kept.expire(sentAtMs);
    note(nowMs);
  }

  function note(atMs = clock.nowMs()): void {
    counts?.note(kept.depth(), atMs);
  }

  function add(entry: FifoEntry, moved?: Pick<FifoMessage, "messageId" | "deadLetterOf">): FifoMessage {
    const message = kept.add({ ...entry, ...moved, sentAtMs: clock.nowMs() });
    deduplication.remember(entry, message, clock.nowMs());
    note();
    return message;
  }

  return {
    arrive(count) {
      settle();
      kept.arrive(count, clock.nowMs());
      note();
    },
    send(entry) {
      settle();
      const earlier = deduplication.find(entry, clock.nowMs());
      const { messageId, sequence } = earlier ?? add(entry);
      return { messageId, sequence, isDuplicate: earlier !== undefined };
    },
    adopt({ messageId, groupId, body, attributes }, deadLetterOf) {
      settle();
      const entry = { groupId, deduplicationId: messageId, body, ...(attributes && { attributes }) };
      add(entry, { messageId, deadLetterOf });
    },
    take: receives.take,
    takeAgain: receives.takeAgain,
    remove: changes.remove,
    changeVisibility: changes.changeVisibility,
    nextRevealAtMs: kept.nextRevealAtMs,
    depth() {
      settle();
      return counts?.told(clock.nowMs()) ?? kept.depth();
    },
    size() {
      settle();
      const { visibleCount, inFlightCount } = kept.depth();
      return visibleCount + inFlightCount;
    },
    oldestSentAtMs() {
      settle();
      return kept.oldestSentAtMs();
    },
    mostReceives: receives.mostReceives,
    expiredCount: () => expiredCount,
  };
}
