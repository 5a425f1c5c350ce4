import * as z from "zod";
import { RECEIVE_COUNT_MAX } from "../aws-bounds.ts";
import type { WholeMessage } from "../ports/queue.ts";
import { DEAD_LETTER_ATTRIBUTE, parseMessage, type RecordMessage } from "../records/message.ts";

/** A message that was given up, as the dead-letter queue has it. */
export interface DeadLetter {
  /** The queue's own id of it; another one after each death. */
  readonly id: string;
  /** The record's message, which can be put back; absent if the letter is none. */
  readonly message?: RecordMessage;
  /** The message as it was sent. */
  readonly body: string;
  readonly cause: string;
  /** Causes that differ by an id or a number alone are of one kind. */
  readonly causeKind: string;
  /** Starts that the record had; absent if SQS itself gave it up, or it carries no cause. */
  readonly attempts?: number;
  readonly deadLetteredAtMs: number;
}

const causeSchema = z.object({ cause: z.string(), attempts: z.number(), deadLetteredAtMs: z.number() });

/** The cause of a letter that carries none: the queue moved it, and not a ventilator. */
const NO_CAUSE = `received ${RECEIVE_COUNT_MAX} times: SQS gave it up`;

/** The dead letter in a message. */
export function deadLetterOf(received: WholeMessage, providerId: string): DeadLetter {
  const { messageId, body, attributes, sentAtMs } = received;
  const parsed = parseMessage(body, providerId);
  const message = parsed.kind === "message" ? { message: parsed.message } : {};
  const { cause, attempts, deadLetteredAtMs } = causeIn(attributes[DEAD_LETTER_ATTRIBUTE]) ?? {
    cause: NO_CAUSE,
    deadLetteredAtMs: sentAtMs,
  };
  return {
    id: messageId,
    ...message,
    body,
    cause,
    causeKind: causeKindOf(cause, message.message?.recordId),
    ...(attempts !== undefined && { attempts }),
    deadLetteredAtMs,
  };
}

function causeIn(
  text: string | undefined,
): { readonly cause: string; readonly attempts?: number; readonly deadLetteredAtMs: number } | undefined {
  if (text === undefined) return undefined;
  try {
    return causeSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi;
/** Longer numbers than a status, and hexadecimal ones: they are of one call. */
const LONG_NUMBER = /\b(?:\d{4,}|(?=[0-9a-f]*\d)[0-9a-f]{8,})\b/gi;

/** The end of a cause that a ventilator had its doubts about: how many it took depends on what others were answered meanwhile. */
const REJECTIONS = /\(rejected \d+ times\)$/;

/** A cause without what is its record's or its call's own. */
export function causeKindOf(cause: string, recordId?: string): string {
  const named = recordId === undefined || recordId === "" ? cause : cause.replaceAll(recordId, "<id>");
  return named
    .replaceAll(UUID, "<id>")
    .replaceAll(LONG_NUMBER, "<n>")
    .replace(REJECTIONS, "(rejected <n> times)");
}
