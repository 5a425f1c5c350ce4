import { Unreachable } from "../errors.ts";
import type { Queue, ReceivedMessage } from "../ports/queue.ts";
import { recordKey } from "../records/record-key.ts";
import { escapeForSqs } from "../records/sqs-text.ts";

/** The message attribute that every dead letter carries: JSON of a {@link DeadLetterCause}. */
export const DEAD_LETTER_ATTRIBUTE = "SluiceCause";

/** Why a message is dead. */
export interface DeadLetterCause {
  readonly cause: string;
  /** Starts that the record had; 0 for a message that was never started. */
  readonly attempts: number;
  readonly deadLetteredAtMs: number;
}

/**
 * Sends a message to the dead-letter queue with its cause. The body stays as it was, so that a redrive puts a working
 * message back; sending twice within five minutes is one letter.
 * @throws Unreachable if the queue did not take it
 */
export async function sendDeadLetter(
  queue: Queue,
  message: ReceivedMessage,
  cause: DeadLetterCause,
): Promise<void> {
  const entry = {
    groupId: recordKey(message.messageId),
    deduplicationId: recordKey(message.messageId),
    body: message.body,
    attributes: { [DEAD_LETTER_ATTRIBUTE]: escapeForSqs(JSON.stringify(cause)) },
  };
  const [failure] = await queue.send([entry]);
  if (failure !== undefined) throw new Unreachable("the dead-letter queue", failure.reason);
}
