import type { Clock } from "@sluice/core/ports";
import type { MappingCounters } from "./counters.ts";
import type { MappingQueue, QueuedMessage } from "./mapping-queue.ts";
import { pauseAfterFailuresMs } from "./pause-after-failures.ts";

/** After an empty receive that did not wait for messages: some emulators don't, and would be asked without end. */
const EMPTY_PAUSE_MS = 100;

/** Dependencies of {@link createReceiver}. */
export interface ReceiverDeps {
  readonly clock: Clock;
  readonly queue: MappingQueue;
  readonly counters: MappingCounters;
  /** Aborts when the mapping stops: pauses then end. */
  readonly stopping: AbortSignal;
}

/** Makes a receive that never rejects: after a failure it pauses, the longer the more have failed in a row. */
export function createReceiver({
  clock,
  queue,
  counters,
  stopping,
}: ReceiverDeps): (maxMessages: number) => Promise<ReceiveOutcome> {
  let failuresInARow = 0;
  return async (maxMessages) => {
    const startedAtMs = clock.nowMs();
    try {
      const messages = await queue.receive(maxMessages);
      failuresInARow = 0;
      counters.messagesReceived += messages.length;
      if (messages.length > 0) return { kind: "batch", messages };
      if (clock.nowMs() - startedAtMs < EMPTY_PAUSE_MS) await clock.sleep(EMPTY_PAUSE_MS, stopping);
      return { kind: "empty" };
    } catch {
      failuresInARow += 1;
      counters.receiveErrors += 1;
      await clock.sleep(pauseAfterFailuresMs(failuresInARow), stopping);
      return { kind: "failed" };
    }
  };
}

/** The outcome of a receive. */
export type ReceiveOutcome =
  | { readonly kind: "batch"; readonly messages: readonly QueuedMessage[] }
  | { readonly kind: "empty" }
  | { readonly kind: "failed" };
