import * as z from "zod";

/** What a function's answer says of its batch: all done, all failed, or just some failed. */
export type BatchVerdict =
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed" }
  | { readonly kind: "partial"; readonly failedIds: ReadonlySet<string> };

const partialResponseSchema = z.object({
  batchItemFailures: z.nullable(z.array(z.object({ itemIdentifier: z.string() }))),
});

/**
 * Reads an answer as AWS does: nothing, or an empty list, is success; whatever can't be read, or names a message
 * that is not in the batch, fails the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function readPartialResponse(payload: string, batchIds: ReadonlySet<string>): BatchVerdict {
  if (payload.trim() === "") return { kind: "succeeded" };
  const answer = parseJson(payload);
  if (answer.kind === "malformed") return { kind: "failed" };
  if (isEmpty(answer.value)) return { kind: "succeeded" };
  const response = partialResponseSchema.safeParse(answer.value);
  if (!response.success) return { kind: "failed" };
  const failedIds = new Set(response.data.batchItemFailures?.map((failure) => failure.itemIdentifier));
  if (failedIds.size === 0) return { kind: "succeeded" };
  const areAllKnown = [...failedIds].every((id) => batchIds.has(id));
  return areAllKnown ? { kind: "partial", failedIds } : { kind: "failed" };
}

function parseJson(text: string): { kind: "parsed"; value: unknown } | { kind: "malformed" } {
  try {
    return { kind: "parsed", value: JSON.parse(text) };
  } catch {
    return { kind: "malformed" };
  }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
