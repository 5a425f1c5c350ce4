import { messageOf, Unreachable } from "../errors.ts";
import type { FetchKey } from "../ports/fetch-store.ts";
import type { Queue, ReceivedMessage } from "../ports/queue.ts";
import { DEAD_LETTER_ATTRIBUTE } from "../records/message.ts";
import { recordKey } from "../records/record-key.ts";
import { escapeForSqs } from "../records/sqs-text.ts";
import { persist } from "../timing/persist.ts";
import type { Task } from "./batch.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { ACKNOWLEDGE, type Disposition, handBack } from "./disposition.ts";

/** The reason of a dead letter. */
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

/** Sends a malformed message to the dead-letter queue at once; if that fails, the message comes again. */
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

/** A record whose attempts are used up without a dead letter, as its row has it. */
export interface Exhausted {
  readonly attempts: number;
  readonly cause: string;
}

/**
 * Sends the dead letter that could not be sent when the last attempt failed, then marks the record dead.
 * @throws Unreachable if either could not be done; the message must come again then
 */
export async function buryExhausted(
  task: Task,
  key: FetchKey,
  { attempts, cause }: Exhausted,
  { writeUntilMs }: BatchTimes,
  { deadLetters, fetches, clock, log }: VentilatorDeps,
): Promise<Disposition> {
  const nowMs = clock.nowMs();
  const letter = { cause, attempts, deadLetteredAtMs: nowMs };
  await persist(clock, writeUntilMs, () => sendDeadLetter(deadLetters, task.received, letter));
  await persist(clock, writeUntilMs, () => fetches.bury(key, nowMs));
  log.warn("record is dead", { recordId: key.recordId, attempts, cause });
  return ACKNOWLEDGE;
}
