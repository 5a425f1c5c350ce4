import type { Invocation } from "@sluice/core/ports";
import * as z from "zod";
import type { BatchResponse } from "./ventilator.ts";

/**
 * What came of handing a batch to the ventilator: its own answer; an answer that is not the ventilator's, so that someone
 * else answers in its name; or none.
 */
export type VentilatorReply =
  | { readonly kind: "own"; readonly response: BatchResponse }
  | { readonly kind: "foreign"; readonly cause: string }
  | { readonly kind: "none"; readonly cause: string };

/** As much of a foreign answer as a log line bears, in characters. */
const SHOWN_MAX_CHARACTERS = 200;

// Strict: whoever adds something is someone else.
const responseSchema: z.ZodType<BatchResponse> = z.strictObject({
  batchItemFailures: z.array(z.strictObject({ itemIdentifier: z.string() })),
});

/**
 * Reads what an invocation of the ventilator came to. Its own answer is a list that names messages of this very batch, or
 * none: an event source mapping is content with much less.
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
