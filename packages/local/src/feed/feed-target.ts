import type { SQSClient } from "@aws-sdk/client-sqs";
import { createSqsClient } from "@sluice/aws/sqs-queue";
import { createSqsClientFor } from "../cloud/clients.ts";

/** A local run that can be fed. */
export interface FeedTarget {
  /** Endpoint of its SQS. */
  readonly sqs: string;
  readonly environment: string;
  readonly providerId: string;
}

/** The command that feeds a local run, as it can be pasted into a shell. */
export function feedCommand({ sqs, environment, providerId }: FeedTarget): string {
  return `AWS_ENDPOINT_URL_SQS=${sqs} npm run feed -- --environment ${environment} --provider ${providerId} --rate 5`;
}

const EMULATOR_REGION = "us-east-1";
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** An SQS client by the environment's variables; an emulator on this machine needs neither region nor credentials. */
export function createFeedClient({ AWS_ENDPOINT_URL_SQS = "", AWS_REGION }: NodeJS.ProcessEnv): SQSClient {
  const isEmulator =
    URL.canParse(AWS_ENDPOINT_URL_SQS) && LOOPBACK.test(new URL(AWS_ENDPOINT_URL_SQS).hostname);
  return isEmulator
    ? createSqsClientFor(AWS_ENDPOINT_URL_SQS, AWS_REGION ?? EMULATOR_REGION)
    : createSqsClient();
}
