import { RECEIVE_COUNT_MAX } from "../aws-bounds.ts";
import { messageOf } from "../errors.ts";
import type { Queue, QueueEntry, ReceivedMessage } from "../ports/queue.ts";
import { DEAD_LETTER_ATTRIBUTE, parseMessage } from "../records/message.ts";
import { recordKey } from "../records/record-key.ts";
import type { ProbeDeps } from "./probe-deps.ts";

/**
 * Receives from which on a message gives way to a copy. Where the same few records are asked by all probes of an outage,
 * each is received up to twenty times an hour: after two days SQS would move them to the dead letters, without a cause.
 */
const RENEWED_FROM = 0.4 * RECEIVE_COUNT_MAX;

/**
 * Puts a copy of a message in its place if it has been received very often: true if it has, so that the copy, which
 * counts anew, is received instead. The copy is sent first and waits behind the message in their group: where only that
 * is done the record is asked for twice, and fetched once. Never throws.
 */
export async function renew(
  message: ReceivedMessage,
  queue: Queue,
  { provider, log }: Pick<ProbeDeps, "provider" | "log">,
): Promise<boolean> {
  if (message.receiveCount < RENEWED_FROM) return false;
  const parsed = parseMessage(message.body, provider.id);
  if (parsed.kind === "malformed") return false;
  try {
    const [failure] = await queue.send([copyOf(message, parsed.message.recordId)]);
    if (failure === undefined) await queue.delete(message.receiptHandle);
    else log.warn("a message could not be renewed", { cause: failure.reason });
    return failure === undefined;
  } catch (thrown) {
    log.warn("a message could not be renewed", { cause: messageOf(thrown) });
    return false;
  }
}

function copyOf({ messageId, body, isRedriven }: ReceivedMessage, recordId: string): QueueEntry {
  return {
    groupId: recordKey(recordId),
    // No run's, so that SQS does not take it for the message that it replaces.
    deduplicationId: recordKey(messageId),
    body,
    ...(isRedriven && { attributes: { [DEAD_LETTER_ATTRIBUTE]: "{}" } }),
  };
}
