import { BATCH_SIZE_MAX } from "../aws-bounds.ts";
import { messageOf, Unreachable } from "../errors.ts";
import type { Queue, ReceivedMessage, VisibilityChange } from "../ports/queue.ts";
import { persist } from "../timing/persist.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, rareWaitMs } from "./disposition.ts";

/** Messages of a queue, each with its end. */
export type Dispositions = ReadonlyMap<ReceivedMessage, Disposition>;

/** A queue is tried again for this time: at the worst its messages come at their visibility timeout. */
const TRY_FOR_MS = 5_000;

/** The parts that it works with. */
type Deps = Pick<VentilatorDeps, "clock" | "log" | "random">;

/**
 * Hides each message that is handed back for as long as its disposition says, at most until SQS shows it anyway, and for
 * longer if it has been received too often. Never throws: one for which that fails stays hidden for its visibility
 * timeout.
 */
export async function handBackMessages(
  dispositions: Dispositions,
  queue: Queue,
  { writeUntilMs, hiddenUntilMaxMs }: Pick<BatchTimes, "writeUntilMs" | "hiddenUntilMaxMs">,
  deps: Deps,
): Promise<void> {
  const { clock, random, log } = deps;
  const nowMs = clock.nowMs();
  const changes = [...dispositions].flatMap(([{ receiptHandle, receiveCount }, disposition]) => {
    if (disposition.kind !== "hand-back") return [];
    const leastMs = rareWaitMs(receiveCount, random);
    if (disposition.visibleInMs === undefined && leastMs === 0) return [];
    const waitMs = Math.max(disposition.visibleInMs ?? 0, leastMs);
    return [{ receiptHandle, delayMs: Math.max(0, Math.min(waitMs, hiddenUntilMaxMs - nowMs)) }];
  });
  let changedCount = 0;
  try {
    while (changedCount < changes.length) {
      const call = changes.slice(changedCount, changedCount + BATCH_SIZE_MAX);
      await changeEach(call, queue, Math.min(writeUntilMs, nowMs + TRY_FOR_MS), deps);
      changedCount += call.length;
    }
  } catch (thrown) {
    const messages = changes.length - changedCount;
    log.warn("visibility could not be changed", { messages, cause: messageOf(thrown) });
  }
}

/** Changes each message; those that the queue refuses for now again, until an instant. */
async function changeEach(
  changes: readonly VisibilityChange[],
  queue: Queue,
  untilMs: number,
  { clock, log }: Deps,
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
