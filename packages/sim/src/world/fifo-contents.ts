import { IN_FLIGHT_MESSAGES_MAX } from "@sluice/core/aws-bounds";
import type { Clock, QueueEntry, VisibilityChange } from "@sluice/core/ports";
import { createBacklog } from "./backlog.ts";
import { type FifoMessage, visibleMessage } from "./fifo-message.ts";
import { createGroups, type Receive } from "./groups.ts";
import { createHiddenMessages } from "./hidden-messages.ts";
import { createOldestMessage } from "./oldest-message.ts";

/** The messages of a FIFO queue that are not deleted, and the order in which receives take them. */
export interface FifoContents {
  /** Adds so many made-up messages at once, without making them before they are received. */
  arrive(count: number): void;
  /** Adds a message that is visible. */
  add(entry: QueueEntry): void;
  /** Receives what is visible now, the oldest first, and hides it for the visibility timeout. */
  take(maxMessages: number): readonly FifoMessage[];
  /** Deletes messages; a handle that is not of its message's last receive does nothing. */
  remove(receiptHandles: readonly string[]): void;
  /** Hides messages for another time; a handle that is not of its message's last receive does nothing. */
  changeVisibility(changes: readonly VisibilityChange[]): void;
  /** The instant at which the next message becomes visible, if nothing changes; plus infinity if none is hidden. */
  nextRevealAtMs(): number;
  depth(): { readonly visibleCount: number; readonly inFlightCount: number };
  /** Hidden or visible messages. */
  size(): number;
  /** Plus infinity if there is no message. */
  oldestSentAtMs(): number;
  /** The most receives that one message has had. */
  mostReceives(): number;
}

/** The settings of a queue, and what it is filled with. */
export interface FifoContentsOptions {
  readonly clock: Clock;
  readonly visibilityTimeoutMs: number;
  /** The n-th made-up message, from 0 on. Messages of one group wait for each other. */
  makeUp(index: number): { readonly groupId: string; readonly body: string };
}

/** Starts empty. */
export function createFifoContents({
  clock,
  visibilityTimeoutMs,
  makeUp,
}: FifoContentsOptions): FifoContents {
  const backlog = createBacklog(makeUp);
  const groups = createGroups();
  const hidden = createHiddenMessages();
  const oldest = createOldestMessage();
  let nextSequence = 0;
  let mostReceives = 0;

  function reveal(): void {
    const nowMs = clock.nowMs();
    for (let due = hidden.reveal(nowMs); due !== undefined; due = hidden.reveal(nowMs)) groups.giveBack(due);
  }

  function take(maxMessages: number): readonly FifoMessage[] {
    reveal();
    const hiddenUntilMs = clock.nowMs() + visibilityTimeoutMs;
    const receive: Receive = { taken: [] };
    while (receive.taken.length < maxMessages && hidden.count() < IN_FLIGHT_MESSAGES_MAX) {
      const message = firstFor(receive);
      if (message === undefined) break;
      groups.take(message, receive);
      hidden.hide(message, hiddenUntilMs);
      mostReceives = Math.max(mostReceives, message.receiveCount);
    }
    return receive.taken;
  }

  /** The oldest message that the receive may take: one that is there already, or the first that is still to be made. */
  function firstFor(receive: Receive): FifoMessage | undefined {
    const ready = groups.firstReady(receive);
    const fresh = backlog.peek();
    if (fresh === undefined || !groups.isFree(fresh.groupId, receive)) return ready;
    if (ready !== undefined && ready.sequence < fresh.sequence) return ready;
    const message = visibleMessage(backlog.take());
    oldest.add(message);
    return message;
  }

  return {
    arrive(count) {
      backlog.add({ count, firstSequence: nextSequence, sentAtMs: clock.nowMs() });
      nextSequence += count;
    },
    add(entry) {
      const message = visibleMessage({ ...entry, sequence: nextSequence, sentAtMs: clock.nowMs() });
      nextSequence += 1;
      oldest.add(message);
      groups.add(message);
    },
    take,
    remove(receiptHandles) {
      reveal();
      for (const handle of receiptHandles) {
        const message = hidden.remove(handle);
        if (message !== undefined) groups.drop(message);
      }
      oldest.forgetDeleted();
    },
    changeVisibility(changes) {
      reveal();
      hidden.changeVisibility(changes, clock.nowMs());
      reveal();
    },
    nextRevealAtMs: hidden.nextRevealAtMs,
    depth() {
      reveal();
      return { visibleCount: backlog.size() + groups.visibleCount(), inFlightCount: hidden.count() };
    },
    size: () => backlog.size() + groups.visibleCount() + hidden.count(),
    oldestSentAtMs: () => Math.min(oldest.sentAtMs(), backlog.peek()?.sentAtMs ?? Number.POSITIVE_INFINITY),
    mostReceives: () => mostReceives,
  };
}
