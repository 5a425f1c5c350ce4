import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { BATCH_SIZE_MAX } from "@sluice/core/aws-bounds";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";

/** A message in the dead-letter queue. */
export interface DeadLetter {
  readonly body: string;
  /** JSON of the cause; absent if SQS itself moved the message. */
  readonly cause?: string;
}

/** Time for which the letters stay hidden while they are read. */
const READING_SECONDS = 120;

/** Reads all dead letters, and leaves them where they are. */
export async function readDeadLetters(client: SQSClient, queueUrl: string): Promise<readonly DeadLetter[]> {
  const messages: Message[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: BATCH_SIZE_MAX,
        VisibilityTimeout: READING_SECONDS,
        MessageAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) break;
    messages.push(...Messages);
  }
  for (let start = 0; start < messages.length; start += 10) {
    const Entries = messages
      .slice(start, start + 10)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
  return messages.map(({ Body = "", MessageAttributes }) => {
    const cause = MessageAttributes?.[DEAD_LETTER_ATTRIBUTE]?.StringValue;
    return cause === undefined ? { body: Body } : { body: Body, cause };
  });
}
