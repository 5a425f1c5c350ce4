import * as z from "zod";
import type { QueueRegistry } from "./queue-registry.ts";
import { SqsError } from "./sqs-error.ts";

/** The answer to a request, as the SDK tells it. */
export type SqsAnswer = Readonly<Record<string, unknown>>;

/** The account that a request is made to, and the signal that ends its wait. */
export interface RequestContext {
  readonly queues: QueueRegistry;
  readonly signal?: AbortSignal;
}

/** Carries out the requests of one kind. It throws SqsError, or rejects with it. */
export type Operation = (input: unknown, context: RequestContext) => SqsAnswer | Promise<SqsAnswer>;

/** Makes an operation whose input has to have a shape. */
export function operation<Input>(
  schema: z.ZodType<Input>,
  run: (input: Input, context: RequestContext) => SqsAnswer | Promise<SqsAnswer>,
): Operation {
  return (input, context) => run(parseInput(schema, input), context);
}

/** The input in its shape. @throws SqsError `MissingParameter`, `InvalidParameterValue` */
export function parseInput<Input>(schema: z.ZodType<Input>, input: unknown): Input {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const parameter = issue?.path.join(".") ?? "";
  if (issue?.input === undefined)
    throw new SqsError("MissingParameter", `The request must contain the parameter ${parameter}.`);
  throw new SqsError(
    "InvalidParameterValue",
    `Value ${String(issue.input)} for parameter ${parameter} is invalid. Reason: ${issue.message}.`,
  );
}

/** The part that every request to a queue has. */
export const toQueueSchema: z.ZodObject<{ QueueUrl: z.ZodString }> = z.object({ QueueUrl: z.string() });
