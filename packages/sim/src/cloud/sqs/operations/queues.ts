import * as z from "zod";
import { type Operation, operation, toQueueSchema } from "../operation.ts";
import { parseQueueAttributes } from "../queue-settings.ts";
import { invalidParameter, SqsError } from "../sqs-error.ts";
import type { VirtualQueue } from "../virtual-queue.ts";

const textsSchema = z.record(z.string(), z.string());

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const QUEUE_NAME = /^[\w-]{1,75}\.fifo$/;

/** Creates a FIFO queue; other kinds there are none. */
export const createQueue: Operation = operation(
  z.object({ QueueName: z.string(), Attributes: textsSchema.default({}), tags: textsSchema.default({}) }),
  ({ QueueName, Attributes, tags }, { queues }) => {
    if (!QUEUE_NAME.test(QueueName))
      throw invalidParameter(
        "QueueName",
        QueueName,
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length",
      );
    return { QueueUrl: queues.create(QueueName, parseQueueAttributes(Attributes), tags).url };
  },
);

/** Finds a queue by its name. */
export const getQueueUrl: Operation = operation(
  z.object({ QueueName: z.string() }),
  ({ QueueName }, { queues }) => ({
    QueueUrl: queues.named(QueueName).url,
  }),
);

/** Deletes a queue with its messages. Receives that wait get nothing; AWS may still answer for a minute as if it were there. */
export const deleteQueue: Operation = operation(toQueueSchema, ({ QueueUrl }, { queues }) => {
  queues.remove(QueueUrl);
  return {};
});

/** Lists the queues whose names begin with a text, in one page. */
export const listQueues: Operation = operation(
  z.object({ QueueNamePrefix: z.string().default("") }),
  ({ QueueNamePrefix }, { queues }) => {
    const urls = queues.all().flatMap(({ name, url }) => (name.startsWith(QueueNamePrefix) ? [url] : []));
    return urls.length === 0 ? {} : { QueueUrls: urls };
  },
);

/** Tells the settings of a queue and its counts, which may lag. */
export const getQueueAttributes: Operation = operation(
  toQueueSchema.extend({ AttributeNames: z.array(z.string()).default([]) }),
  ({ QueueUrl, AttributeNames: names }, { queues }) => {
    const known = attributesOf(queues.at(QueueUrl));
    const unknown = names.find((name) => name !== "All" && !ATTRIBUTE_NAMES.has(name));
    if (unknown !== undefined) throw new SqsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
    const wanted = Object.entries(known).filter(([name]) => names.includes("All") || names.includes(name));
    return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
  },
);

/** Tells the tags of a queue. */
export const listQueueTags: Operation = operation(toQueueSchema, ({ QueueUrl }, { queues }) => ({
  Tags: { ...queues.at(QueueUrl).tags },
}));

/** Adds tags to a queue, or replaces them. */
export const tagQueue: Operation = operation(
  toQueueSchema.extend({ Tags: textsSchema }),
  ({ QueueUrl, Tags }, { queues }) => {
    Object.assign(queues.at(QueueUrl).tags, Tags);
    return {};
  },
);

/** The attributes that can be asked for, those included that a queue may lack. */
const ATTRIBUTE_NAMES: ReadonlySet<string> = new Set([
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "DelaySeconds",
  "FifoQueue",
  "FifoThroughputLimit",
  "MessageRetentionPeriod",
  "QueueArn",
  "ReceiveMessageWaitTimeSeconds",
  "RedrivePolicy",
  "VisibilityTimeout",
]);

function attributesOf({ arn, attributes, contents }: VirtualQueue): Record<string, string | undefined> {
  const { visibleCount, inFlightCount } = contents.depth();
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(visibleCount),
    ApproximateNumberOfMessagesNotVisible: String(inFlightCount),
    ApproximateNumberOfMessagesDelayed: "0",
    ...attributes,
  };
}
