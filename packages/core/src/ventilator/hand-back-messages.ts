import { messageOf } from "../errors.ts";
import type { Log } from "../ports/log.ts";
import type { ReceivedMessage, VisibilityChange } from "../ports/queue.ts";
import type { Batch } from "./batch.ts";
import type { Disposition } from "./disposition.ts";

/**
 * Hides each message that is handed back for as long as its disposition says, and returns their ids. If that fails, they
 * stay hidden for their visibility timeout.
 */
export async function handBackMessages(
  { messages, queue }: Pick<Batch, "messages" | "queue">,
  dispositions: ReadonlyMap<ReceivedMessage, Disposition>,
  log: Log,
): Promise<readonly string[]> {
  const returned = messages.filter((received) => dispositions.get(received)?.kind !== "acknowledge");
  const changes = returned.flatMap((received): VisibilityChange[] => {
    const disposition = dispositions.get(received);
    if (disposition?.kind !== "hand-back" || disposition.visibleInMs === undefined) return [];
    return [{ receiptHandle: received.receiptHandle, delayMs: disposition.visibleInMs }];
  });
  try {
    if (changes.length > 0) await queue.changeVisibility(changes);
  } catch (thrown) {
    log.warn("visibility could not be changed", { messages: changes.length, cause: messageOf(thrown) });
  }
  return returned.map(({ messageId }) => messageId);
}
