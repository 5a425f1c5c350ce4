import { messageOf, Unreachable } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Queue, ReceivedMessage, VisibilityChange } from "../ports/queue.ts";
import { persist } from "../timing/persist.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { Disposition } from "./disposition.ts";

/** Messages of a batch, each with its end. */
export type Dispositions = ReadonlyMap<ReceivedMessage, Disposition>;

/** A queue is tried again for this time: at the worst its messages come at their visibility timeout. */
const TRY_FOR_MS = 5_000;

/**
 * Hides each message that is handed back for as long as its disposition says, at most until SQS shows it anyway. Never
 * throws: one for which that fails stays hidden for its visibility timeout.
 */
export async function handBackMessages(
  dispositions: Dispositions,
  queue: Queue,
  { writeUntilMs, hiddenUntilMaxMs }: BatchTimes,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<void> {
  const nowMs = clock.nowMs();
  const changes = [...dispositions].flatMap(([{ receiptHandle }, disposition]): VisibilityChange[] => {
    if (disposition.kind !== "hand-back" || disposition.visibleInMs === undefined) return [];
    const delayMs = Math.max(0, Math.min(disposition.visibleInMs, hiddenUntilMaxMs - nowMs));
    return [{ receiptHandle, delayMs }];
  });
  if (changes.length === 0) return;
  try {
    await changeEach(changes, queue, Math.min(writeUntilMs, nowMs + TRY_FOR_MS), { clock, log });
  } catch (thrown) {
    log.warn("visibility could not be changed", { messages: changes.length, cause: messageOf(thrown) });
  }
}

/** Changes each message; those that the queue refuses for now again, until an instant. */
async function changeEach(
  changes: readonly VisibilityChange[],
  queue: Queue,
  untilMs: number,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<void> {
  let left = changes;
  await persist(clock, untilMs, async () => {
    const failures = await queue.changeVisibility(left);
    // Refused for good is a message whose time as a received one is over: nothing is left to change.
    const refused = failures.filter(({ isFinal }) => isFinal).map(({ reason }) => reason);
    if (refused.length > 0) log.warn("messages can't be hidden for longer, they come sooner", { refused });
    const passing = failures.filter(({ isFinal }) => !isFinal);
    left = passing.flatMap(({ index }) => left.slice(index, index + 1));
    if (passing[0] !== undefined) throw new Unreachable("the queue", passing[0].reason);
  });
}
