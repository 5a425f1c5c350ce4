import type { MessageAttribute, QueuedMessage } from "./mapping-queue.ts";

/** The event that a mapping invokes its function with. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface SqsEvent {
  readonly Records: readonly SqsEventRecord[];
}

/** One message of an {@link SqsEvent}. */
export interface SqsEventRecord extends Omit<QueuedMessage, "messageAttributes"> {
  readonly messageAttributes: Readonly<Record<string, SqsEventAttribute>>;
  readonly eventSource: "aws:sqs";
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** A message attribute as Lambda writes it; the lists are always empty, SQS has no values for them. */
export interface SqsEventAttribute extends MessageAttribute {
  readonly stringListValues: readonly string[];
  readonly binaryListValues: readonly string[];
}

/** Makes the event for one batch. */
export function toSqsEvent(messages: readonly QueuedMessage[], queueArn: string): SqsEvent {
  const awsRegion = queueArn.split(":")[3] ?? "";
  return {
    Records: messages.map((message) => ({
      ...message,
      messageAttributes: Object.fromEntries(
        Object.entries(message.messageAttributes).map(([name, attribute]) => [
          name,
          { ...attribute, stringListValues: [], binaryListValues: [] },
        ]),
      ),
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion,
    })),
  };
}
