import * as z from "zod";

/** The verdict of a function's answer on its batch: all done, all failed, or just some failed. */
export type BatchVerdict =
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed" }
  | { readonly kind: "partial"; readonly failedIds: ReadonlySet<string> };

const listSchema = z.nullable(z.array(z.object({ itemIdentifier: z.string() })));

/**
 * Reads an answer as AWS does: nothing, or an empty list, is success; what is no JSON, a list that can't be read, or
 * one that names a message that is not in the batch, fails the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * Of an answer without any list AWS says nothing; a list of failures under another key was seen to have no effect:
 * https://github.com/awsdocs/aws-lambda-developer-guide/issues/320. Here it counts as success, which deletes the
 * messages: the worse of both, so that nothing rests on the better one.
 */
export function readPartialResponse(payload: string, batchIds: ReadonlySet<string>): BatchVerdict {
  if (payload.trim() === "") return { kind: "succeeded" };
  const answer = parseAnswer(payload);
  if (answer.kind === "malformed") return { kind: "failed" };
  if (!hasList(answer.value)) return { kind: "succeeded" };
  const list = listSchema.safeParse(answer.value.batchItemFailures);
  if (!list.success) return { kind: "failed" };
  const failedIds = new Set(list.data?.map((failure) => failure.itemIdentifier));
  if (failedIds.size === 0) return { kind: "succeeded" };
  const areAllKnown = [...failedIds].every((id) => batchIds.has(id));
  return areAllKnown ? { kind: "partial", failedIds } : { kind: "failed" };
}

function parseAnswer(text: string): { kind: "parsed"; value: unknown } | { kind: "malformed" } {
  try {
    return { kind: "parsed", value: JSON.parse(text) };
  } catch {
    return { kind: "malformed" };
  }
}

function hasList(answer: unknown): answer is { readonly batchItemFailures: unknown } {
  return typeof answer === "object" && answer !== null && "batchItemFailures" in answer;
}
