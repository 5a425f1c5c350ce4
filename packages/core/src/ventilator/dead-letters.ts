import { MESSAGE_MAX_BYTES } from "../aws-bounds.ts";
import { messageOf, Unreachable } from "../errors.ts";
import type { FetchKey } from "../ports/fetch-store.ts";
import type { Queue, QueueEntry, ReceivedMessage } from "../ports/queue.ts";
import { CAUSE_MAX_BYTES, shortened } from "../records/cause.ts";
import { DEAD_LETTER_ATTRIBUTE } from "../records/message.ts";
import { recordKey } from "../records/record-key.ts";
import { escapeForSqs, sizeBytes } from "../records/sqs-text.ts";
import { persist } from "../timing/persist.ts";
import type { Task } from "./batch.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { ACKNOWLEDGE, type Disposition, ended, handBack } from "./disposition.ts";

/** The reason of a dead letter. */
export interface DeadLetterCause {
  readonly cause: string;
  /** Starts that the record had; 0 for a message that was never started. */
  readonly attempts: number;
  readonly deadLetteredAtMs: number;
}

/**
 * Sends a message to the dead-letter queue with its cause. The body stays as it was, so that a redrive puts a working
 * message back, and the cause is cut to what fits beside it; sending twice within five minutes is one letter.
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
    ...attributesBeside(message.body, cause),
  };
  const [failure] = await queue.send([entry]);
  if (failure !== undefined) throw new Unreachable("the dead-letter queue", failure.reason);
}

/** The data type of an attribute that is text; SQS counts it too. */
const TEXT_TYPE = "String";

/**
 * The letter's attribute, shortened to the room that the body leaves; none beside a body that fills the message
 * alone.
 */
function attributesBeside(body: string, cause: DeadLetterCause): Pick<QueueEntry, "attributes"> {
  const roomBytes = MESSAGE_MAX_BYTES - sizeBytes(body + DEAD_LETTER_ATTRIBUTE + TEXT_TYPE);
  const causeRoomBytes = roomBytes - sizeBytes(letterText({ ...cause, cause: "" }));
  if (causeRoomBytes < 0) return {};
  const fitting = shortened(cause.cause, Math.min(CAUSE_MAX_BYTES, causeRoomBytes));
  return { attributes: { [DEAD_LETTER_ATTRIBUTE]: letterText({ ...cause, cause: fitting }) } };
}

function letterText(cause: DeadLetterCause): string {
  return escapeForSqs(JSON.stringify(cause));
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
 * Sends the dead letter that could not be sent when the last attempt failed or was cut off, then marks the record dead.
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
  return ended("dead", cause);
}
