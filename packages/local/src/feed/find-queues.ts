import { GetQueueUrlCommand, QueueDoesNotExist, type SQSClient } from "@aws-sdk/client-sqs";
import { createSqsClient, createSqsQueue } from "@sluice/aws/sqs-queue";
import { messageOf } from "@sluice/core/errors";
import type { Queue } from "@sluice/core/ports/queue";
import type { ProviderNames } from "@sluice/core/provider/names";
import { createSqsClientFor } from "../cloud/clients.ts";

/** A provider's queues, or why there are none. */
export type FoundQueues =
  | { readonly kind: "found"; readonly queues: { readonly records: Queue; readonly express: Queue } }
  | { readonly kind: "missing"; readonly queueName: string }
  | { readonly kind: "unreachable"; readonly reason: string };

const EMULATOR_REGION = "us-east-1";
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** An SQS client by the environment's variables; an emulator on this machine needs neither region nor credentials. */
export function sqsClientOf({ AWS_ENDPOINT_URL_SQS = "", AWS_REGION }: NodeJS.ProcessEnv): SQSClient {
  const isEmulator =
    URL.canParse(AWS_ENDPOINT_URL_SQS) && LOOPBACK.test(new URL(AWS_ENDPOINT_URL_SQS).hostname);
  return isEmulator
    ? createSqsClientFor(AWS_ENDPOINT_URL_SQS, AWS_REGION ?? EMULATOR_REGION)
    : createSqsClient();
}

/** Finds a provider's queues by their names. */
export async function findQueues(client: SQSClient, names: ProviderNames): Promise<FoundQueues> {
  const [records, express] = [names.recordsQueue, names.expressQueue];
  try {
    return {
      kind: "found",
      queues: {
        records: createSqsQueue(client, await urlOf(client, records)),
        express: createSqsQueue(client, await urlOf(client, express)),
      },
    };
  } catch (thrown) {
    if (thrown instanceof QueueDoesNotExist) return { kind: "missing", queueName: records };
    return { kind: "unreachable", reason: messageOf(thrown) };
  }
}

async function urlOf(client: SQSClient, queueName: string): Promise<string> {
  const { QueueUrl = "" } = await client.send(new GetQueueUrlCommand({ QueueName: queueName }));
  return QueueUrl;
}
