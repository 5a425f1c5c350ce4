import type { SQSClient } from "@aws-sdk/client-sqs";
import { createSqsClient } from "@sluice/aws/sqs-queue";
import { createSqsClientFor } from "../cloud/clients.ts";

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
