import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { readProvider } from "@sluice/aws/file-catalog";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { planOf, queuesInOrder } from "@sluice/core/deployment";
import type { Queue } from "@sluice/core/ports";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDynamoDbClientFor, createSqsClientFor } from "../cloud/clients.ts";
import { createQueue } from "../cloud/create-queue.ts";
import { createTable } from "../cloud/create-table.ts";
import { type Emulator, startDynamoDb } from "../cloud/emulators.ts";
import { type SqsServer, startSqs } from "../sqs/server.ts";
import { createFeedClients, feedCommand } from "./feed-target.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const ENVIRONMENT = "localfeedtest";

let sqs: SqsServer;
let dynamodb: Emulator;
let client: SQSClient;
let records: Queue;
let closedUrl: string;
beforeAll(async () => {
  sqs = await startSqs();
  dynamodb = await startDynamoDb();
  client = createSqsClientFor(sqs.url, "us-east-1");
  const plan = planOf(await readProvider("demo"), ENVIRONMENT);
  const tables = createDynamoDbClientFor(dynamodb.url, "us-east-1");
  await createTable(tables, plan.table);
  tables.destroy();
  for (const queue of queuesInOrder(plan)) {
    const { url } = await createQueue(client, queue);
    if (queue === plan.queues.records) records = createSqsQueue(client, url);
  }
  const closed = await startSqs();
  closedUrl = closed.url;
  await closed.stop();
});
afterAll(async () => {
  client.destroy();
  await sqs.stop();
  await dynamodb.stop();
});

const endpoints = () => ({ AWS_ENDPOINT_URL_SQS: sqs.url, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url });

test("the command that a local run prints feeds its queue until Ctrl-C, and says how many", async () => {
  const printed = feedCommand({
    sqs: sqs.url,
    dynamodb: dynamodb.url,
    environment: ENVIRONMENT,
    providerId: "demo",
  });
  const [sqsVariable = "", dynamodbVariable = "", ...words] = printed.split(" ");
  expect(words.slice(0, 4)).toEqual(["npm", "run", "feed", "--"]);
  const variables = Object.fromEntries([sqsVariable, dynamodbVariable].map((each) => each.split("=")));
  const before = await depth();
  const child = spawn(process.execPath, [MAIN, ...words.slice(4)], {
    env: { ...withoutAws(), ...variables },
  });
  const ended = once(child, "close");
  const texts: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text) => texts.push(text));
  await expect.poll(depth, { timeout: 20_000 }).toBeGreaterThan(before + 3);
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  const [, count] = /Enqueued (\d+) records in [\d.]+ s, [\d.]+ per second\.\n$/.exec(texts.join("")) ?? [];
  expect(Number(count)).toBe((await depth()) - before);
});

test("a duration ends it by itself", async () => {
  const before = await depth();
  const args = ["--rate", "20", "--environment", ENVIRONMENT, "--duration", "1"];
  const { code, stdout } = await run(args, endpoints());
  expect(stdout).toContain("Enqueued 20 records in 1.0 s, 20.0 per second.");
  expect(code).toBe(0);
  expect((await depth()) - before).toBe(20);
});

test.each([
  ["another environment", "elsewhere", () => sqs.url, /no queue sluice-elsewhere-demo-records\.fifo/],
  [
    "nobody at the endpoint",
    ENVIRONMENT,
    () => closedUrl,
    /SQS at http:\S+ \(check AWS_ENDPOINT_URL_SQS\) is unreachable: .*ECONNREFUSED/,
  ],
  [
    "an endpoint that is no URL",
    ENVIRONMENT,
    () => "localhost:4566",
    /AWS_ENDPOINT_URL_SQS must be a URL such as http:\S+, received "localhost:4566"/,
  ],
])("with %s it says what to do, and exits 2", async (_, environment, urlOf, problem) => {
  const { code, stderr } = await run(["--rate", "5", "--environment", environment], {
    ...endpoints(),
    AWS_ENDPOINT_URL_SQS: urlOf(),
  });
  expect(stderr).toMatch(problem);
  expect(stderr).toContain("npm start -- --keep");
  expect(code).toBe(2);
});

test("without an endpoint and without a cloud it says what to do, and exits 2", async () => {
  const { code, stderr } = await run(["--rate", "5", "--environment", ENVIRONMENT], {
    AWS_EC2_METADATA_DISABLED: "true",
  });
  expect(stderr).toMatch(/Region is missing\. Set AWS_REGION .*\n.*npm start -- --keep/);
  expect(code).toBe(2);
});

test("with an endpoint on another machine it says which option that is, and what it needs besides", async () => {
  const far = { AWS_ENDPOINT_URL_SQS: "http://far.example:4566", AWS_EC2_METADATA_DISABLED: "true" };
  const args = ["--rate", "5", "--environment", ENVIRONMENT];
  const { code, stderr } = await run(args, far);
  expect(stderr).toMatch(
    /Region is missing\. .*\nAWS_ENDPOINT_URL_SQS is http:\/\/far\.example:4566, on another machine: .* put AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local before the command\n/,
  );
  expect(code).toBe(2);
  const account = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any" };
  const reached = await run(args, {
    ...far,
    ...account,
    AWS_ENDPOINT_URL_SQS: closedUrl.replace("127.0.0.1", "localhost."),
  });
  expect(reached.stderr).toMatch(/^SQS at .* is unreachable/);
  expect(reached.stderr).not.toContain("another machine");
});

test("only an endpoint on this machine goes without the account's own credentials", async () => {
  const local = createFeedClients({
    AWS_ENDPOINT_URL_SQS: "http://localhost:1",
    AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1",
  });
  for (const { config } of [local.client, local.dynamodb].filter((client) => client !== undefined)) {
    expect((await config.credentials()).accessKeyId).toBe("local");
  }
  expect(Object.keys(local)).toEqual(["client", "dynamodb"]);
  const elsewhere = "https://aws.example";
  expect(
    createFeedClients({ AWS_ENDPOINT_URL_SQS: elsewhere, AWS_ENDPOINT_URL_DYNAMODB: elsewhere }),
  ).toEqual({});
});

async function depth(): Promise<number> {
  return (await records.depth()).visibleCount;
}

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], variables: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      { env: { ...withoutAws(), ...variables } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

/** The environment of this process without the variables by which it may know a cloud. */
function withoutAws(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return { ...Object.fromEntries(others), HOME: "/nonexistent" };
}
