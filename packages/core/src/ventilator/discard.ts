import { messageOf } from "../errors.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import { persist } from "../timing/persist.ts";
import type { BatchTimes } from "./batch-times.ts";
import { sendDeadLetter } from "./dead-letters.ts";
import type { VentilatorDeps } from "./deps.ts";
import { ACKNOWLEDGE, type Disposition, handBack } from "./disposition.ts";

/** A message that is not ours goes to the dead-letter queue at once; if that fails, it comes again. */
export async function discard(
  received: ReceivedMessage,
  cause: string,
  { writeUntilMs }: BatchTimes,
  { deadLetters, clock, log }: VentilatorDeps,
): Promise<Disposition> {
  const { messageId } = received;
  try {
    const letter = { cause, attempts: 0, deadLetteredAtMs: clock.nowMs() };
    await persist(clock, writeUntilMs, () => sendDeadLetter(deadLetters, received, letter));
    log.warn("message is malformed", { messageId, cause });
    return ACKNOWLEDGE;
  } catch (thrown) {
    log.error("dead letter could not be sent", { messageId, cause: messageOf(thrown) });
    return handBack();
  }
}
