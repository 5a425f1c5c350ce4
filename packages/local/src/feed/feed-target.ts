import type { SchedulerOptions } from "@sluice/aws/scheduler";
import { SluiceError } from "@sluice/core/errors";
import { createDynamoDbClientFor, createSqsClientFor } from "../cloud/clients.ts";

/** A local run that can be fed. */
export interface FeedTarget {
  /** Endpoint of its SQS. */
  readonly sqs: string;
  /** Endpoint of its DynamoDB. */
  readonly dynamodb: string;
  readonly environment: string;
  readonly providerId: string;
}

/** The command that feeds a local run, as it can be pasted into a shell. */
export function feedCommand({ sqs, dynamodb, environment, providerId }: FeedTarget): string {
  return [
    `AWS_ENDPOINT_URL_SQS=${sqs} AWS_ENDPOINT_URL_DYNAMODB=${dynamodb}`,
    `npm run feed -- --environment ${environment} --provider ${providerId} --rate 5`,
  ].join(" ");
}

const EMULATOR_REGION = "us-east-1";
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The clients that a scheduler takes. */
export type FeedClients = Pick<SchedulerOptions, "client" | "dynamodb">;

/**
 * Clients by the environment's variables; an emulator on this machine needs neither region nor credentials.
 * @throws SluiceError `client-misconfigured` for an endpoint that is no URL
 */
export function createFeedClients({
  AWS_ENDPOINT_URL_SQS = "",
  AWS_ENDPOINT_URL_DYNAMODB = "",
  AWS_REGION = EMULATOR_REGION,
}: NodeJS.ProcessEnv): FeedClients {
  checkEndpoints({ AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL_DYNAMODB });
  return {
    ...(isOnThisMachine(AWS_ENDPOINT_URL_SQS) && {
      client: createSqsClientFor(AWS_ENDPOINT_URL_SQS, AWS_REGION),
    }),
    ...(isOnThisMachine(AWS_ENDPOINT_URL_DYNAMODB) && {
      dynamodb: createDynamoDbClientFor(AWS_ENDPOINT_URL_DYNAMODB, AWS_REGION),
    }),
  };
}

const ENDPOINT_NAMES = ["AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"] as const;
/** Settings that stand for an account, where any will do. */
const ANY_ACCOUNT = {
  AWS_REGION: EMULATOR_REGION,
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
} as const;

/**
 * Advice for a client that has an endpoint on another machine, and lacks a region or credentials: which variables those are, and
 * what to set. Undefined where there is no such endpoint, or nothing lacks.
 */
export function farEndpointAdvice(variables: NodeJS.ProcessEnv): string | undefined {
  const name = ENDPOINT_NAMES.find(
    (each) => URL.canParse(variables[each] ?? "") && !isOnThisMachine(variables[each] ?? ""),
  );
  const lacking = Object.entries(ANY_ACCOUNT).filter(([each]) => !variables[each]);
  if (name === undefined || lacking.length === 0) return undefined;
  const settings = lacking.map(([each, value]) => `${each}=${value}`).join(" ");
  return [
    `${name} is ${variables[name]}, on another machine: there a client needs a region and credentials.`,
    `An emulator takes any: put ${settings} before the command`,
  ].join(" ");
}

/** The SDK takes no notice of the scheme: what lacks one would be looked for in a region. */
function checkEndpoints(endpoints: Readonly<Record<string, string>>): void {
  for (const [variable, endpoint] of Object.entries(endpoints)) {
    if (endpoint === "" || /^https?:$/.test(URL.parse(endpoint)?.protocol ?? "")) continue;
    const problem = `${variable} must be a URL such as http://127.0.0.1:4566, received ${JSON.stringify(endpoint)}`;
    throw new SluiceError("client-misconfigured", problem);
  }
}

function isOnThisMachine(endpoint: string): boolean {
  return URL.canParse(endpoint) && LOOPBACK.test(new URL(endpoint).hostname);
}
