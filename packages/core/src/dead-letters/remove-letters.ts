import { messageOf } from "../errors.ts";
import type { WholeMessage } from "../ports/queue.ts";
import { persist } from "../timing/persist.ts";
import type { DeadLettersDeps } from "./dead-letters-deps.ts";

/** Time for which a queue that can't be reached is tried again. */
const TRY_FOR_MS = 20_000;

/** Deletes up to ten letters that were received. Answers with the number of those that it could not delete. Never throws. */
export async function removeLetters(
  letters: readonly WholeMessage[],
  { deadLetters, clock, log }: Pick<DeadLettersDeps, "deadLetters" | "clock" | "log">,
): Promise<number> {
  if (letters.length === 0) return 0;
  const handles = letters.map(({ receiptHandle }) => receiptHandle);
  try {
    const untilMs = clock.nowMs() + TRY_FOR_MS;
    return (await persist(clock, untilMs, () => deadLetters.deleteAll(handles))).length;
  } catch (thrown) {
    log.warn("dead letters could not be deleted", { letters: letters.length, cause: messageOf(thrown) });
    return letters.length;
  }
}
