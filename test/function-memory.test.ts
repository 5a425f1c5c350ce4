import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { nodeOptionsOf } from "@sluice/core/deployment";
import { parseProvider } from "@sluice/core/provider";
import { WORKER_CONTRACT_VERSION } from "@sluice/core/worker";
import { type Cloud, type Deployment, deploy, startCloud } from "@sluice/local/cloud";
import { answerWith, type RawServer, startRawServer } from "@sluice/testing/raw-server";
import { afterAll, beforeAll, expect, test } from "vitest";

const RUN_FUNCTION = fileURLToPath(new URL("support/run-function.ts", import.meta.url));
const PREPARING_MS = 120_000;
/** Left over for what is not here: Lambda's own runtime in the process, and what a garbage collection comes late for. */
const HEADROOM_MB = 8;
/** A megabyte of the JSON that takes most memory: nothing but small arrays. */
const LARGE_ANSWER = `[${"[],".repeat(333_000)}[]]`;

const provider = parseProvider(
  {
    id: "lean",
    maxConcurrency: 10,
    slowAfterMs: 5_000,
    timeoutMs: 20_000,
    latency: { medianMs: 100, sigma: 0.5, minMs: 1, maxMs: 20_000 },
    worker: { name: "http-json" },
  },
  "in a test",
);

let cloud: Cloud;
let deployment: Deployment;
let providerServer: RawServer;
let answer = "{}";
beforeAll(async () => {
  providerServer = await startRawServer((response, request) => answerWith(200, answer)(response, request));
  cloud = await startCloud();
  const variables = { PROVIDER_BASE_URL: providerServer.url, POWERTOOLS_LOG_LEVEL: "SILENT" };
  deployment = await deploy(cloud, provider, { environment: "test", variables });
}, PREPARING_MS);
afterAll(async () => {
  await cloud.stop(0);
  await providerServer.stop();
});

/** Calls a deployed function in a process that has its memory and its variables. */
async function run(functionName: string, events: readonly unknown[]) {
  const settings = cloud.lambdaService.lambda.find(functionName);
  if (settings === undefined) throw new TypeError(`${functionName} is not deployed`);
  const { memoryMb, bundlePath, environment } = settings;
  const lambdas = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
  const child = spawn(process.execPath, [RUN_FUNCTION, bundlePath], {
    env: { ...lambdas, ...environment, NODE_OPTIONS: nodeOptionsOf(memoryMb) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(events));
  const [printed] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const last = printed.trim().split("\n").at(-1) ?? "";
  const { answers, residentMb } = JSON.parse(last) as { answers: unknown[]; residentMb: number };
  return { answers, residentMb, memoryMb };
}

function requestFor(recordId: string): unknown {
  return {
    version: WORKER_CONTRACT_VERSION,
    attemptId: `attempt-${recordId}`,
    provider: provider.id,
    recordId,
    attempt: 1,
    runId: "run",
    correlationId: "trace",
    deadlineAtMs: Date.now() + 120_000,
  };
}

test.each([
  ["small answers", "{}", 200],
  ["the largest answers that it takes, of the worst JSON", LARGE_ANSWER, 10],
])(
  "a worker keeps within its memory with %s",
  async (_, body, count) => {
    answer = body;
    const requests = Array.from({ length: count }, (_, nth) => requestFor(`r${nth}`));
    const { answers, residentMb, memoryMb } = await run(deployment.plan.worker.name, requests);
    expect(answers).toMatchObject(requests.map(() => ({ outcome: { kind: "ok" } })));
    expect(residentMb).toBeLessThan(memoryMb - HEADROOM_MB);
  },
  PREPARING_MS,
);

test(
  "a ventilator keeps within its memory over many batches, and so does a waker",
  async () => {
    answer = "{}";
    const { ventilator, waker, names } = deployment.plan;
    const batches = Array.from({ length: 40 }, (_, nth) => batchOf(nth, names.queues.records));
    for (const [name, events] of [
      [ventilator.name, batches],
      [waker.name, Array.from({ length: 10 }, () => ({}))],
    ] as const) {
      const { answers, residentMb, memoryMb } = await run(name, events);
      expect(answers).toHaveLength(events.length);
      expect(residentMb).toBeLessThan(memoryMb - HEADROOM_MB);
    }
  },
  PREPARING_MS,
);

function batchOf(nth: number, queueName: string): unknown {
  const Records = Array.from({ length: 10 }, (_, index) => {
    const recordId = `b${nth}-${index}`;
    const body = { version: 1, provider: provider.id, recordId, runId: "run", correlationId: "trace" };
    return {
      messageId: recordId,
      receiptHandle: recordId,
      body: JSON.stringify(body),
      attributes: { ApproximateReceiveCount: "1" },
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueName}`,
    };
  });
  return { Records };
}
