import type { Invocation } from "@sluice/core/ports";
import * as z from "zod";
import type { BatchResponse } from "./ventilator.ts";

/** A batch as far as the relay reads it: the event itself goes on to the ventilator as it came. */
export interface RelayedBatch {
  readonly messageIds: readonly string[];
  readonly queueArn: string;
}

const eventSchema = z.object({
  Records: z.array(z.object({ messageId: z.string().min(1), eventSourceARN: z.string().min(1) })).min(1),
});

/**
 * Parses Lambda's SQS event. An error makes the whole batch come again.
 * @throws ZodError on anything else
 */
export function parseRelayedBatch(event: unknown): RelayedBatch {
  const { Records } = eventSchema.parse(event);
  const messageIds = Records.map(({ messageId }) => messageId);
  return { messageIds, queueArn: Records[0]?.eventSourceARN ?? "" };
}

/**
 * The outcome of handing a batch to the ventilator:
 * - `own`: the ventilator's own answer;
 * - `foreign`: an answer that is not the ventilator's, such as that of a stub without a developer behind it;
 * - `none`: no answer.
 */
export type VentilatorReply =
  | { readonly kind: "own"; readonly response: BatchResponse }
  | { readonly kind: "foreign"; readonly cause: string }
  | { readonly kind: "none"; readonly cause: string };

/** The part of a foreign answer that a log line shows, in characters. */
const SHOWN_MAX_CHARACTERS = 200;

// Strict: the ventilator adds nothing to it, so an answer with more is another function's.
const responseSchema: z.ZodType<BatchResponse> = z.strictObject({
  batchItemFailures: z.array(z.strictObject({ itemIdentifier: z.string() })),
});

/**
 * Reads the end of an invocation of the ventilator. Its own answer is a list that names messages of this very batch, or
 * none: an event source mapping takes much less than that for success.
 */
export function readVentilatorReply(invocation: Invocation, messageIds: readonly string[]): VentilatorReply {
  if (invocation.kind !== "answered") return { kind: "none", cause: invocation.cause };
  const response = responseSchema.safeParse(invocation.payload);
  const isOwn =
    response.success &&
    response.data.batchItemFailures.every(({ itemIdentifier }) => messageIds.includes(itemIdentifier));
  if (isOwn) return { kind: "own", response: response.data };
  const shown = (JSON.stringify(invocation.payload) ?? "nothing").slice(0, SHOWN_MAX_CHARACTERS);
  return { kind: "foreign", cause: `the answer is not the ventilator's: ${shown}` };
}
