import type { Clock } from "@sluice/core/ports";
import { DEDUPLICATION_MS } from "../../fifo-queue/deduplication.ts";
import type { TakenMessage } from "../../fifo-queue/receives.ts";

/**
 * The receives of the last five minutes, by ReceiveRequestAttemptId: who asks again because the answer was lost gets
 * the same messages, unless one of them was deleted or had its visibility changed.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export interface ReceiveAttempts {
  find(attemptId: string | undefined): readonly TakenMessage[] | undefined;
  /** Remembers what a receive has brought; one that brought nothing may be asked again. */
  remember(attemptId: string | undefined, messages: readonly TakenMessage[]): void;
}

/** Starts without a receive. */
export function createReceiveAttempts(clock: Clock): ReceiveAttempts {
  // In the order in which they end.
  const recent = new Map<string, { readonly taken: readonly TakenMessage[]; readonly untilMs: number }>();

  function forgetOld(): void {
    for (const [attemptId, { untilMs }] of recent) {
      if (untilMs > clock.nowMs()) return;
      recent.delete(attemptId);
    }
  }

  return {
    find(attemptId) {
      forgetOld();
      return attemptId === undefined ? undefined : recent.get(attemptId)?.taken;
    },
    remember(attemptId, messages) {
      if (attemptId === undefined || messages.length === 0) return;
      const taken = messages.map(({ receiptHandle, hiddenUntilMs }) => ({ receiptHandle, hiddenUntilMs }));
      const untilMs = recent.get(attemptId)?.untilMs ?? clock.nowMs() + DEDUPLICATION_MS;
      recent.set(attemptId, { taken, untilMs });
    },
  };
}
