import { once } from "node:events";
import type { Agent, AgentOptions, IncomingMessage } from "node:http";
import { get as getSecurely } from "node:https";
import { dynamoDbTable } from "@sluice/aws/dynamodb-table";
import { createInvokeOnceClient, createLambdaInvoker } from "@sluice/aws/lambda-invoker";
import { createLambdaValve, createValveClient } from "@sluice/aws/lambda-valve";
import { createScheduler } from "@sluice/aws/scheduler";
import { createSqsClient, createSqsQueue } from "@sluice/aws/sqs-queue";
import { Unreachable } from "@sluice/core/errors";
import { createFetchStore, createPermitItems } from "@sluice/core/storage";
import { type Answering, type RawServer, startRawServer } from "@sluice/testing/raw-server";
import { startUntrustedServer, UNTRUSTED_CERTIFICATE } from "@sluice/testing/untrusted-server";
import { afterEach, expect, test, vi } from "vitest";

let server: RawServer | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
  server = undefined;
});

function stubAws(url: string): void {
  for (const service of ["SQS", "DYNAMODB", "LAMBDA"]) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, url);
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "local");
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
}

async function startAws(answer: Answering): Promise<RawServer> {
  server = await startRawServer(answer);
  stubAws(server.url);
  return server;
}

const QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:records.fifo";
const ENTRY = { groupId: "g", deduplicationId: "d", body: "b" };
const KEY = { provider: "demo", day: "2026-11-18", recordId: "a" };
const REPORT = { epoch: 0, evidence: { okCount: 1 }, atMs: 1 };

/** A call by each of the clients that Sluice makes for itself. */
const CALLS: readonly [client: string, call: () => Promise<unknown>][] = [
  ["SQS", () => createSqsQueue(createSqsClient(), "http://127.0.0.1/0/a.fifo").send([ENTRY])],
  ["the scheduler's own SQS", () => createScheduler({ provider: "demo" })],
  ["DynamoDB", () => createFetchStore(dynamoDbTable("records")).get(KEY)],
  ["DynamoDB, once", () => createPermitItems(dynamoDbTable("records"), "demo").report(0, REPORT)],
  [
    "Lambda's control plane",
    () => createLambdaValve(createValveClient(), { functionName: "f", queueArn: QUEUE_ARN }).read(),
  ],
];

const begins: Answering = (response) => {
  response.writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": 1_000 });
  response.write("{");
};

/** Sends a byte every now and then, so that the connection is never silent. */
const dribbles: Answering = (response) => {
  begins(response, {} as IncomingMessage);
  const timer = setInterval(() => response.write(" "), 200);
  response.on("close", () => clearInterval(timer));
};

test.each([
  ["never begins", () => {}],
  ["begins and then stops", begins],
  ["comes byte by byte", dribbles],
] as [string, Answering][])("an answer that %s is given up by every client", async (_, answer) => {
  await startAws(answer);
  const startedAtMs = Date.now();
  const calls = await Promise.allSettled(CALLS.map(([, call]) => call()));
  expect(calls.map((call) => call.status === "rejected" && call.reason instanceof Unreachable)).toEqual(
    CALLS.map(() => true),
  );
  expect(Date.now() - startedAtMs).toBeLessThan(15_000);
});

test("an answer that begins and then stops is asked for again", async () => {
  await startAws((response, request) =>
    server?.paths.length === 1 ? begins(response, request) : response.end("{}"),
  );
  vi.stubEnv("AWS_MAX_ATTEMPTS", "2");
  const queue = createSqsQueue(createSqsClient(), "http://127.0.0.1/0/a.fifo");
  expect(await queue.receiveOne()).toBeUndefined();
  expect(server?.paths).toHaveLength(2);
});

test("a worker's answer that begins and stops is waited for until its time is over", async () => {
  await startAws(begins);
  const given = new AbortController();
  const invoker = createLambdaInvoker(createInvokeOnceClient(), "worker", "worker", () => given.signal);
  const invocation = invoker.invoke({}, 1_000);
  await vi.waitFor(() => expect(server?.paths).toHaveLength(1));
  given.abort();
  expect(await invocation).toMatchObject({ kind: "lost" });
});

test("no client talks to a server whose certificate nobody vouches for", async () => {
  const untrusted = await startUntrustedServer();
  stubAws(untrusted.url);
  const invoke = () => createLambdaInvoker(createInvokeOnceClient(), "worker", "worker").invoke({}, 5_000);
  const calls = await Promise.allSettled([...CALLS.map(([, call]) => call()), invoke()]);
  expect(calls.slice(0, -1).map(({ status }) => status)).toEqual(CALLS.map(() => "rejected"));
  expect(calls.at(-1)).toMatchObject({ value: { cause: expect.stringContaining("self-signed") } });
  expect(untrusted.paths).toEqual([]);
  const [response] = (await once(getSecurely(untrusted.url, { ca: UNTRUSTED_CERTIFICATE }), "response")) as [
    IncomingMessage,
  ];
  expect(response.resume().statusCode).toBe(200);
  await untrusted.stop();
});

/** Longest time that a server of AWS is known to keep an idle connection at least. */
const SERVERS_KEEP_MS = 20_000;

test.each<[client: string, use: () => Promise<{ readonly config: { readonly requestHandler: unknown } }>]>([
  [
    "SQS",
    async () => used(createSqsClient(), (client) => createSqsQueue(client, "http://a/0/a").send([ENTRY])),
  ],
  ["DynamoDB", async () => usedTable("client")],
  ["DynamoDB, once", async () => usedTable("onceClient")],
  [
    "Lambda's control plane",
    async () =>
      used(createValveClient(), (client) =>
        createLambdaValve(client, { functionName: "f", queueArn: QUEUE_ARN }).read(),
      ),
  ],
  [
    "Lambda's invocations",
    async () =>
      used(createInvokeOnceClient(), (client) =>
        createLambdaInvoker(client, "f", "worker").invoke({}, 5_000),
      ),
  ],
])(
  "the client of %s gives up idle connections before servers do, and ones that are not made in seconds",
  async (_, use) => {
    await startAws((response) => response.end("{}"));
    const { config } = await use();
    const { httpAgent, httpsAgent, connectionTimeout } = (
      config.requestHandler as { httpHandlerConfigs(): Agents }
    ).httpHandlerConfigs();
    expect(connectionTimeout).toBeGreaterThanOrEqual(1_000);
    expect(connectionTimeout).toBeLessThanOrEqual(5_000);
    for (const { options } of [httpAgent, httpsAgent]) {
      expect(options.keepAlive).toBe(true);
      expect(options.timeout).toBeGreaterThan(1_000);
      expect(options.timeout).toBeLessThan(SERVERS_KEEP_MS);
    }
  },
);

interface Agents {
  readonly httpAgent: Agent & { readonly options: AgentOptions };
  readonly httpsAgent: Agent & { readonly options: AgentOptions };
  readonly connectionTimeout?: number;
}

async function used<Client>(client: Client, use: (client: Client) => Promise<unknown>): Promise<Client> {
  await use(client).catch(() => {});
  return client;
}

async function usedTable(which: "client" | "onceClient") {
  const table = dynamoDbTable("records");
  await createFetchStore(table)
    .get(KEY)
    .catch(() => {});
  await createPermitItems(table, "demo")
    .report(0, REPORT)
    .catch(() => {});
  return table[which] as unknown as { readonly config: { readonly requestHandler: unknown } };
}
