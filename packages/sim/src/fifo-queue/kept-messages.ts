import type { QueueDepth } from "@sluice/core/ports";
import { createBacklog } from "./backlog.ts";
import { type FifoMessage, type FreshMessage, type MessageIdentity, visibleMessage } from "./fifo-message.ts";
import { createGroups, type Groups } from "./groups.ts";
import { createHiddenMessages } from "./hidden-messages.ts";
import { createOldestMessage } from "./oldest-message.ts";
import { createReceipts, type Receipt } from "./receipts.ts";

/** The messages that a FIFO queue keeps: their order, which of them are hidden, and their receipt handles. */
export interface KeptMessages {
  /** Adds so many made-up messages at once, without making them before they are received. */
  arrive(count: number, sentAtMs: number): void;
  /** Adds a message that is visible; without an id of its own it gets one. */
  add(message: NewMessage): FifoMessage;
  /** The group of the oldest visible message that waits for no hidden one. */
  oldestFreeGroupId(): string | undefined;
  /** The place of a group's first hidden message, behind which all wait; plus infinity if none is hidden. */
  firstHiddenSequence(groupId: string): number;
  /** The first visible message of a group before a place. One that is made for it has to be received. */
  nextOf(groupId: string, endSequence: number): FifoMessage | undefined;
  /** Hides a message that {@link KeptMessages.nextOf} has returned, under a new receipt handle. */
  receive(message: FifoMessage, nowMs: number, untilMs: number): void;
  findReceipt(receiptHandle: string): Receipt;
  /** Sets when a hidden message becomes visible. */
  hideUntil(message: FifoMessage, untilMs: number): void;
  /** Makes the message visible that is due first, and returns it, if it is due by now. */
  reveal(nowMs: number): FifoMessage | undefined;
  nextRevealAtMs(): number;
  /** Deletes a message that is hidden, or the first visible one of its group. */
  remove(message: FifoMessage): void;
  /** Deletes all that was sent until an instant, and returns how many messages that were. */
  expire(sentAtMs: number): number;
  inFlightCount(): number;
  depth(): QueueDepth;
  /** Plus infinity if there is no message. */
  oldestSentAtMs(): number;
}

/** A message to add. */
export type NewMessage = Omit<MessageIdentity, "sequence" | "messageId"> & { readonly messageId?: string };

/** The names of a queue's messages, and what it is filled with. */
export interface KeptMessagesOptions {
  /** Begins each receipt handle; told apart by it, handles of one queue mean nothing to another. */
  readonly receiptPrefix: string;
  /** The n-th made-up message, from 0 on. All are of one group, or each is of its own. */
  makeUp(index: number): { readonly groupId: string; readonly body: string };
  messageIdOf(sequence: number): string;
}

/** Starts empty. */
export function createKeptMessages(options: KeptMessagesOptions): KeptMessages {
  const backlog = createBacklog(options.makeUp);
  const groups = createGroups();
  const hidden = createHiddenMessages();
  const oldest = createOldestMessage();
  const receipts = createReceipts(options.receiptPrefix);
  let nextSequence = 0;

  function makeNext(): FifoMessage {
    const fresh = backlog.take();
    const message = visibleMessage(Object.assign(fresh, { messageId: options.messageIdOf(fresh.sequence) }));
    oldest.add(message);
    return message;
  }

  function remove(message: FifoMessage): void {
    if (message.state === "hidden") {
      hidden.remove(message);
      groups.drop(message);
    } else groups.dropVisible(message);
    message.state = "deleted";
    message.body = "";
    receipts.forget(message);
    oldest.forgetDeleted();
  }

  return {
    arrive(count, sentAtMs) {
      backlog.add({ count, firstSequence: nextSequence, sentAtMs });
      nextSequence += count;
    },
    add(message) {
      const messageId = message.messageId ?? options.messageIdOf(nextSequence);
      const added = visibleMessage({ ...message, messageId, sequence: nextSequence });
      nextSequence += 1;
      oldest.add(added);
      groups.add(added);
      return added;
    },
    oldestFreeGroupId: () => oldestFreeGroupIdOf(groups, backlog.peek()),
    firstHiddenSequence: groups.firstHiddenSequence,
    nextOf(groupId, endSequence) {
      const visible = groups.firstVisible(groupId);
      const fresh = backlog.peek();
      const next = fresh?.groupId === groupId && isBefore(fresh, visible) ? fresh : visible;
      if (next === undefined || next.sequence >= endSequence) return undefined;
      return next === fresh ? makeNext() : visible;
    },
    receive(message, nowMs, untilMs) {
      receipts.issue(message, nowMs);
      groups.hide(message);
      hidden.hide(message, untilMs);
    },
    findReceipt: receipts.find,
    hideUntil: hidden.hide,
    reveal(nowMs) {
      const due = hidden.reveal(nowMs);
      if (due !== undefined) groups.giveBack(due);
      return due;
    },
    nextRevealAtMs: hidden.nextRevealAtMs,
    remove,
    expire(sentAtMs) {
      let expired = backlog.dropSentUntil(sentAtMs);
      for (
        let first = oldest.peek();
        first !== undefined && first.sentAtMs <= sentAtMs;
        first = oldest.peek()
      ) {
        remove(first);
        expired += 1;
      }
      return expired;
    },
    inFlightCount: hidden.count,
    depth: () => ({ visibleCount: backlog.size() + groups.visibleCount(), inFlightCount: hidden.count() }),
    oldestSentAtMs: () => Math.min(oldest.peek()?.sentAtMs ?? Infinity, backlog.peek()?.sentAtMs ?? Infinity),
  };
}

function oldestFreeGroupIdOf(groups: Groups, fresh: FreshMessage | undefined): string | undefined {
  const ready = groups.oldestFree();
  const isFresh =
    fresh !== undefined &&
    isBefore(fresh, ready) &&
    groups.firstHiddenSequence(fresh.groupId) > fresh.sequence;
  return isFresh ? fresh.groupId : ready?.groupId;
}

function isBefore(one: FreshMessage, other: FreshMessage | undefined): boolean {
  return other === undefined || one.sequence < other.sequence;
}
