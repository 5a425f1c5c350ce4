import * as z from "zod";
import { boundedCause } from "./cause.ts";
import { parseRecord } from "./record.ts";
import { runNameSchema } from "./run-name.ts";
import { escapeForSqs } from "./sqs-text.ts";

/** Version of the message body; a ventilator dead-letters versions that it does not know. */
export const MESSAGE_VERSION = 1;

/** The message attribute that every dead letter carries, with its cause as JSON text. */
export const DEAD_LETTER_ATTRIBUTE = "SluiceCause";

/** The message that travels through the queue for each record. */
export interface RecordMessage {
  readonly version: typeof MESSAGE_VERSION;
  readonly provider: string;
  readonly runId: string;
  /** Stays with the record through queue, logs, worker and table. */
  readonly correlationId: string;
  readonly recordId: string;
  /** The record's number in its run, from 0; absent where a scheduler without a ledger sent it. */
  readonly number?: number;
  /** The record is not started from then on; absent if that does not matter. */
  readonly expiresAtMs?: number;
  readonly payload?: unknown;
}

const messageSchema: z.ZodType<RecordMessage> = z.strictObject({
  version: z.literal(MESSAGE_VERSION),
  provider: z.string().min(1),
  runId: runNameSchema,
  correlationId: runNameSchema,
  recordId: z.string(),
  number: z.exactOptional(z.int().min(0)),
  expiresAtMs: z.exactOptional(z.number()),
  payload: z.exactOptional(z.unknown()),
});

/** The message, or the reason why the body is none. */
export type ParsedMessage =
  | { readonly kind: "message"; readonly message: RecordMessage }
  | { readonly kind: "malformed"; readonly cause: string };

/** The body of a message, as SQS takes it. */
export function messageBody(message: RecordMessage): string {
  return escapeForSqs(JSON.stringify(message));
}

/** Parses the body of a queue message, whoever sent it: refuses other versions, other providers and invalid records. */
export function parseMessage(body: string, providerId: string): ParsedMessage {
  const json = parseJson(body);
  if (json === undefined) return malformed("the body is not JSON");
  const version = typeof json === "object" && json !== null && "version" in json ? json.version : undefined;
  if (version !== MESSAGE_VERSION) {
    return malformed(`the message version must be ${MESSAGE_VERSION}, received ${JSON.stringify(version)}`);
  }
  const message = messageSchema.safeParse(json);
  if (!message.success) return malformed(z.prettifyError(message.error).replaceAll("\n", " "));
  if (message.data.provider !== providerId) {
    return malformed(`the message is for provider ${message.data.provider}, this is ${providerId}`);
  }
  const { recordId: id, payload } = message.data;
  const record = parseRecord(payload === undefined ? id : { id, payload });
  return record.kind === "rejected" ? malformed(record.reason) : { kind: "message", message: message.data };
}

function malformed(cause: string): ParsedMessage {
  return { kind: "malformed", cause: boundedCause(cause) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
