import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { planOf, queuesInOrder, tableNamed } from "@sluice/core/deployment";
import type { Provider } from "@sluice/core/provider";
import { createQueue, createTable, type Emulator, startDynamoDb } from "@sluice/local/cloud";
import { vi } from "vitest";

/** A message as it lies in a queue. */
export interface Sent {
  readonly groupId: string | undefined;
  readonly runId: string;
  readonly recordId: string;
  /** Its number in the run. */
  readonly number: number;
}

/** Creates a provider's queues as its deployment does. */
export async function createQueues(
  client: SQSClient,
  provider: Provider,
  environment: string,
): Promise<void> {
  for (const queue of queuesInOrder(planOf(provider, environment))) await createQueue(client, queue);
}

/** A DynamoDB with the tables of providers in each of some environments, which the environment's variables lead to. */
export async function startTables(...names: readonly string[]): Promise<Emulator> {
  const server = await startDynamoDb();
  const client = new DynamoDBClient({
    endpoint: server.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  for (const name of names) await createTable(client, tableNamed(name));
  client.destroy();
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", server.url);
  return server;
}

/** Takes all messages out of a queue. */
export async function takeAll(client: SQSClient, queueName: string): Promise<Sent[]> {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName }));
  const taken: Sent[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ["All"] }),
    );
    if (Messages.length === 0) return taken;
    for (const { ReceiptHandle, Attributes, Body = "" } of Messages) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      const { runId, recordId, number } = JSON.parse(Body);
      taken.push({ groupId: Attributes?.MessageGroupId, runId, recordId, number });
    }
  }
}
