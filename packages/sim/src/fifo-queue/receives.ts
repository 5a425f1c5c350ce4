import { IN_FLIGHT_MESSAGES_MAX } from "@sluice/core/aws-bounds";
import type { Clock } from "@sluice/core/ports";
import type { FifoMessage } from "./fifo-message.ts";
import type { KeptMessages } from "./kept-messages.ts";

/** The receives of a FIFO queue. */
export interface Receives {
  /**
   * Hides what is visible now, by default for the queue's visibility timeout: the oldest message first, and with it as
   * many of its group as there are, then the oldest of the others.
   */
  take(maxMessages: number, visibilityTimeoutMs?: number): readonly FifoMessage[];
  /** Hides what a receive has taken for its time anew; undefined if any of it was changed or deleted since. */
  takeAgain(taken: readonly TakenMessage[], visibilityTimeoutMs?: number): readonly FifoMessage[] | undefined;
  /** The most receives that one message has had. */
  mostReceives(): number;
}

/** A message as a receive has left it. */
export type TakenMessage = Pick<FifoMessage, "receiptHandle" | "hiddenUntilMs">;

/** The dead-letter queue of a queue. */
export interface Redrive {
  /** Receives after which a message is moved instead of received again. */
  readonly maxReceiveCount: number;
  /** Takes in a message, and remembers which queue has given it up. */
  adopt(message: FifoMessage, deadLetterOf: string): void;
}

/** Dependencies of {@link createReceives}. */
export interface ReceivesDeps {
  readonly clock: Clock;
  readonly visibilityTimeoutMs: number;
  readonly name: string;
  readonly redrive?: Redrive;
  readonly kept: KeptMessages;
  /** Lets the time that has passed do its work. */
  settle(): void;
  /** To be called after each change of the queue's counts. */
  note(): void;
}

/** Receives from what a queue keeps. */
export function createReceives({
  clock,
  name,
  redrive,
  kept,
  settle,
  note,
  ...deps
}: ReceivesDeps): Receives {
  let mostReceives = 0;

  function take(maxMessages: number, visibilityTimeoutMs = deps.visibilityTimeoutMs): readonly FifoMessage[] {
    settle();
    const untilMs = clock.nowMs() + visibilityTimeoutMs;
    const taken: FifoMessage[] = [];
    const hasRoom = () => taken.length < maxMessages && kept.inFlightCount() < IN_FLIGHT_MESSAGES_MAX;
    for (let groupId = nextGroupId(); groupId !== undefined; groupId = nextGroupId()) takeGroup(groupId);
    note();
    return taken;

    function nextGroupId(): string | undefined {
      return hasRoom() ? kept.oldestFreeGroupId() : undefined;
    }

    function takeGroup(groupId: string): void {
      const endSequence = kept.firstHiddenSequence(groupId);
      while (hasRoom()) {
        const message = kept.nextOf(groupId, endSequence);
        if (message === undefined) return;
        if (!isGivenUp(message)) taken.push(receive(message, untilMs));
      }
    }
  }

  function isGivenUp(message: FifoMessage): boolean {
    if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    redrive.adopt(message, name);
    kept.remove(message);
    return true;
  }

  function receive(message: FifoMessage, untilMs: number): FifoMessage {
    kept.receive(message, clock.nowMs(), untilMs);
    mostReceives = Math.max(mostReceives, message.receiveCount);
    return message;
  }

  return {
    take,
    takeAgain(taken, visibilityTimeoutMs = deps.visibilityTimeoutMs) {
      settle();
      const messages = taken.flatMap(({ receiptHandle, hiddenUntilMs }) => {
        const receipt = kept.findReceipt(receiptHandle);
        const isUnchanged = receipt.kind === "current" && receipt.message.hiddenUntilMs === hiddenUntilMs;
        return isUnchanged ? [receipt.message] : [];
      });
      if (messages.length < taken.length) return undefined;
      for (const message of messages) kept.hideUntil(message, clock.nowMs() + visibilityTimeoutMs);
      return messages;
    },
    mostReceives: () => mostReceives,
  };
}
