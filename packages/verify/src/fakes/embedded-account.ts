import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { type CreateFunctionRequest, LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { systemClock } from "@sluice/aws/system-clock";
import { type Cloud, startCloud } from "@sluice/local/cloud";
import { createAwsAccount } from "../aws/account.ts";
import { type Clients, destroyAll } from "../aws/clients.ts";
import type { Marks } from "../aws/tagged.ts";
import type { Account } from "../ports/account.ts";
import { answerLocally, leaveOut, refusal } from "./answer-locally.ts";
import { answerAsIam } from "./iam-answers.ts";
import { textInZip } from "./unzip.ts";

/** An account on the embedded cloud, which the real adapters reach; IAM and functions from a zip are played. */
export interface EmbeddedAccount {
  readonly account: Account;
  readonly clients: Clients;
  /** Names of what is there now. */
  readonly exists: { readonly functions: Map<string, Made>; readonly roles: Map<string, Tags> };
  /** The account as another run sees it. */
  as(marks: Marks): Account;
  stop(): Promise<void>;
}

/** The place that the embedded cloud stands for. */
export const EMBEDDED_PLACE = { accountId: "000000000000", region: "us-east-1" };

type Tags = Readonly<Record<string, string>>;

interface Made {
  readonly tags: Tags;
}

const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };
const NODE_MODULES = fileURLToPath(new URL("../../../../node_modules", import.meta.url));

/** The ways of an embedded account; what is left out is quick, and never interrupted. */
export interface EmbeddedWays {
  /** Of an update of a mapping. */
  readonly updateMs?: number;
  readonly interrupt?: AbortSignal;
}

/** Starts the embedded cloud. */
export async function startEmbeddedAccount(
  marks: Marks,
  { updateMs = 300, interrupt = new AbortController().signal }: EmbeddedWays = {},
): Promise<EmbeddedAccount> {
  const cloud = await startCloud({ valveDelayMs: updateMs });
  // The functions' imports are found where Lambda has them: beside the code.
  await symlink(NODE_MODULES, join(cloud.folder, "node_modules"));
  const clients = clientsOf(cloud);
  const exists = { functions: new Map<string, Made>(), roles: new Map<string, Tags>() };
  answerAsLambda(cloud, clients.lambda, exists.functions);
  answerAsIam(clients.iam, exists.roles);
  answerLocally(clients.sts, { GetCallerIdentity: () => ({ Account: EMBEDDED_PLACE.accountId }) });
  const as = (one: Marks) => createAwsAccount({ clients, clock: systemClock, marks: one, interrupt });
  return {
    account: as(marks),
    clients,
    exists,
    as,
    async stop() {
      destroyAll(clients);
      await cloud.stop(1_000);
    },
  };
}

function clientsOf({ endpoints }: Cloud): Clients {
  const config = { region: EMBEDDED_PLACE.region, credentials: CREDENTIALS, maxAttempts: 1 };
  return {
    sqs: new SQSClient({ ...config, endpoint: endpoints.sqs, useQueueUrlAsEndpoint: false }),
    dynamodb: new DynamoDBClient({ ...config, endpoint: endpoints.dynamodb }),
    lambda: new LambdaClient({ ...config, endpoint: endpoints.lambda }),
    iam: new IAMClient(config),
    sts: new STSClient(config),
  };
}

const arnOf = (name = "") =>
  `arn:aws:lambda:${EMBEDDED_PLACE.region}:${EMBEDDED_PLACE.accountId}:function:${name}`;

function answerAsLambda(cloud: Cloud, client: LambdaClient, functions: Map<string, Made>): void {
  leaveOut(client, "CreateEventSourceMapping", "Tags");
  answerLocally(client, {
    async CreateFunction({ FunctionName: name = "", Code, Timeout = 3, ...request }: CreateFunctionRequest) {
      const bundlePath = join(cloud.folder, `${name}.mjs`);
      await writeFile(bundlePath, textInZip(Code?.ZipFile ?? new Uint8Array()));
      const { endpoints } = cloud;
      cloud.lambdaService.lambda.deploy({
        name,
        bundlePath,
        timeoutMs: Timeout * 1_000,
        memoryMb: request.MemorySize ?? 128,
        environment: {
          ...request.Environment?.Variables,
          AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
          AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
        },
      });
      functions.set(name, { tags: request.Tags ?? {} });
      return { FunctionArn: arnOf(name) };
    },
    GetFunctionConfiguration: () => ({ State: "Active" }),
    ListFunctions: () => ({
      Functions: [...functions.keys()].map((name) => ({ FunctionName: name, FunctionArn: arnOf(name) })),
    }),
    ListTags: ({ Resource }: { readonly Resource: string }) => ({
      Tags: functions.get(Resource.slice(Resource.lastIndexOf(":") + 1))?.tags,
    }),
    DeleteFunction({ FunctionName }: { readonly FunctionName: string }) {
      if (functions.delete(FunctionName)) return {};
      throw refusal("ResourceNotFoundException", `Function not found: ${FunctionName}`);
    },
    GetAccountSettings: () => ({ AccountLimit: { UnreservedConcurrentExecutions: 1_000 } }),
  });
}
