import { RECEIVE_COUNT_MAX, RETENTION_MAX_MS, VISIBILITY_TIMEOUT_MAX_MS } from "@sluice/core/aws-bounds";
import * as z from "zod";
import { SqsError } from "./sqs-error.ts";

/** The attributes of a queue as they were set, numbers in texts. */
export interface QueueAttributes {
  readonly FifoQueue: string;
  readonly VisibilityTimeout: string;
  readonly MessageRetentionPeriod: string;
  readonly ReceiveMessageWaitTimeSeconds: string;
  readonly DelaySeconds: string;
  readonly ContentBasedDeduplication: string;
  readonly DeduplicationScope: "queue" | "messageGroup";
  readonly FifoThroughputLimit: string;
  readonly RedrivePolicy?: string | undefined;
}

/** The queue to which messages are moved, and the receives after which they are. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** The shortest that SQS has. */
const RETENTION_MIN_SECONDS = 60;

/** A whole number in a text, as attributes have it. */
function numberText(min: number, max: number): z.ZodString {
  return z
    .string()
    .regex(/^\d+$/)
    .refine((text) => Number(text) >= min && Number(text) <= max);
}

const redrivePolicySchema: z.ZodType<RedrivePolicy> = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue("no JSON");
      return z.NEVER;
    }
  })
  .pipe(
    z.object({
      deadLetterTargetArn: z.string(),
      maxReceiveCount: z.coerce.number().int().min(1).max(RECEIVE_COUNT_MAX),
    }),
  );

/** The attributes of a FIFO queue that can be set, with SQS's defaults. Those that Sluice has no use for can't. */
const attributesSchema: z.ZodType<QueueAttributes> = z.strictObject({
  FifoQueue: z.literal("true"),
  VisibilityTimeout: numberText(0, VISIBILITY_TIMEOUT_MAX_MS / 1_000).default("30"),
  MessageRetentionPeriod: numberText(RETENTION_MIN_SECONDS, RETENTION_MAX_MS / 1_000).default("345600"),
  ReceiveMessageWaitTimeSeconds: numberText(0, 20).default("0"),
  DelaySeconds: z.literal("0").default("0"),
  ContentBasedDeduplication: z.literal("false").default("false"),
  DeduplicationScope: z.enum(["queue", "messageGroup"]).default("queue"),
  FifoThroughputLimit: z.enum(["perQueue", "perMessageGroupId"]).default("perQueue"),
  RedrivePolicy: z.string().optional(),
});

/** Parses the attributes of a queue that is to be created. @throws SqsError */
export function parseQueueAttributes(attributes: Readonly<Record<string, string>>): QueueAttributes {
  const parsed = attributesSchema.safeParse(attributes);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys")
    throw new SqsError("InvalidAttributeName", `Unknown Attribute ${issue.keys.join(", ")}.`);
  throw new SqsError("InvalidAttributeValue", `Invalid value for the parameter ${issue?.path.join(".")}.`);
}

/** Parses the redrive policy of a queue; undefined if it has none. @throws SqsError */
export function redrivePolicyOf({ RedrivePolicy }: QueueAttributes): RedrivePolicy | undefined {
  if (RedrivePolicy === undefined) return undefined;
  const parsed = redrivePolicySchema.safeParse(RedrivePolicy);
  if (parsed.success) return parsed.data;
  throw new SqsError(
    "InvalidParameterValue",
    `Value ${RedrivePolicy} for parameter RedrivePolicy is invalid.`,
  );
}
