import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NODEJS_OPTIONS } from "@sluice/core/deployment";
import { parseProvider } from "@sluice/core/provider";
import { WORKER_CONTRACT_VERSION } from "@sluice/core/worker";
import {
  bundleHandler,
  type Cloud,
  type Deployment,
  deploy,
  handlerEntries,
  readDeadLetters,
  startCloud,
} from "@sluice/local/cloud";
import { answerWith, type RawServer, startRawServer } from "@sluice/testing/raw-server";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";

const BYTES_MAX = 1_000_000;

const entries = await handlerEntries();

const provider = parseProvider(
  {
    id: "bundled",
    maxConcurrency: 2,
    slowAfterMs: 500,
    timeoutMs: 2_000,
    latency: { medianMs: 10, sigma: 0, minMs: 1, maxMs: 100 },
    worker: { name: "http-json", secrets: ["ApiToken"] },
  },
  "in a test",
);

let folder: string;
let cloud: Cloud;
let deployment: Deployment;
let providerServer: RawServer;
const authorizations: (string | undefined)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-bundles-"));
  providerServer = await startRawServer((response, request) => {
    authorizations.push(request.headers.authorization);
    answerWith(200, "{}")(response, request);
  });
  cloud = await startCloud();
  deployment = await deploy(cloud, provider, {
    environment: "test",
    variables: {
      PROVIDER_BASE_URL: providerServer.url,
      SST_RESOURCE_ApiToken: '{"value":"s3cr3t"}',
      POWERTOOLS_LOG_LEVEL: "SILENT",
    },
  });
});
afterAll(async () => {
  await cloud.stop(0);
  await providerServer.stop();
  await rm(folder, { recursive: true });
});

/** The function of a deployment that this entry is for, and what it answers when all is well. */
function callOf(entry: string): { functionName: string; event: unknown; answer: unknown } {
  const { ventilator, waker, worker, names } = deployment.plan;
  if (entry === "waker") return { functionName: waker.name, event: {}, answer: null };
  if (entry === "ventilator" || entry === "relay") {
    return {
      functionName: ventilator.name,
      event: batchOf(entry, names.queues.records),
      answer: { batchItemFailures: [] },
    };
  }
  const attemptId = `attempt-${entry}`;
  return {
    functionName: worker.name,
    event: requestOf(attemptId),
    answer: { version: WORKER_CONTRACT_VERSION, attemptId, outcome: expect.objectContaining({ kind: "ok" }) },
  };
}

function batchOf(recordId: string, queueName: string): unknown {
  const message = { version: 1, provider: provider.id, recordId, runId: "run", correlationId: "trace" };
  return {
    Records: [
      {
        messageId: recordId,
        receiptHandle: recordId,
        body: JSON.stringify(message),
        attributes: { ApproximateReceiveCount: "1" },
        eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueName}`,
      },
    ],
  };
}

function requestOf(attemptId: string): unknown {
  return {
    version: WORKER_CONTRACT_VERSION,
    attemptId,
    provider: provider.id,
    recordId: "a",
    attempt: 1,
    runId: "run",
    correlationId: "trace",
    deadlineAtMs: Date.now() + 60_000,
  };
}

test("there are handlers of each kind", () => {
  expect(entries).toEqual(
    expect.arrayContaining(["ventilator", "waker", "workers/dry-run", "workers/http-json"]),
  );
});

describe.each(entries)("the bundle of %s", (entry) => {
  let bundlePath: string;
  beforeAll(async () => {
    bundlePath = await bundleHandler(entry, folder);
  });

  test("is small", async () => {
    expect((await stat(bundlePath)).size).toBeLessThan(BYTES_MAX);
  });

  test("is all that there is: it imports nothing but Node, and what no function reaches", async () => {
    const { metafile } = await build({
      entryPoints: [bundlePath],
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      write: false,
      logLevel: "silent",
      metafile: true,
    });
    expect(Object.keys(metafile.inputs)).toHaveLength(1);
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    const ofOthers = imports.filter(({ path }) => !builtinModules.includes(path.replace(/^node:/, "")));
    for (const { path, kind } of ofOthers) {
      expect(NODEJS_OPTIONS.esbuild.external).toContain(path);
      expect(kind).toBe("dynamic-import");
    }
  });

  test("starts in an execution environment, and answers", async () => {
    const { lambda } = cloud.lambdaService;
    const { functionName, event, answer } = callOf(entry);
    const settings = lambda.find(functionName);
    if (settings === undefined) throw new TypeError(`${functionName} is not deployed`);
    lambda.deploy({ ...settings, name: "bundled", bundlePath });
    const result = await lambda.invoke("bundled", JSON.stringify(event));
    expect(result).toMatchObject({ kind: "answered" });
    expect(JSON.parse(result.kind === "answered" ? result.payload : "{}")).toEqual(answer);
  });
});

test("a bundled worker can read its secret", async () => {
  authorizations.length = 0;
  await cloud.lambdaService.lambda.invoke(deployment.plan.worker.name, JSON.stringify(requestOf("mine")));
  expect(authorizations).toEqual(["Bearer s3cr3t"]);
});

test("SST bundles as the embedded cloud does", async () => {
  const stack = await readFile(new URL("../stacks/function.ts", import.meta.url), "utf8");
  expect(stack).toMatch(/import \{[^}]*\bNODEJS_OPTIONS\b[^}]*\} from "@sluice\/core\/deployment";/);
  expect(stack.match(/\bnodejs: .*/g)).toEqual(["nodejs: NODEJS_OPTIONS,"]);
});

test("what the banner sets is what zod reads", () => {
  expect(NODEJS_OPTIONS.banner).toBe("globalThis.__zod_globalConfig = { jitless: true };");
  expect(Reflect.get(globalThis, "__zod_globalConfig")).toBe(z.config());
});

test("records cost no attempt while their worker can't be loaded, however often they come", async () => {
  const { lambda } = cloud.lambdaService;
  const { worker, ventilator, names } = deployment.plan;
  const settings = lambda.find(worker.name);
  if (settings === undefined) throw new TypeError(`${worker.name} is not deployed`);
  const { SST_RESOURCE_ApiToken: _, ...environment } = settings.environment;
  lambda.deploy({ ...settings, environment });
  const loaded = await lambda.invoke(worker.name, JSON.stringify(requestOf("mine")));
  expect(loaded).toMatchObject({
    kind: "function-error",
    payload: expect.stringContaining("The worker has no secret ApiToken"),
  });
  for (let tries = 0; tries <= provider.maxAttempts; tries += 1) {
    const batch = JSON.stringify(batchOf("unlucky", names.queues.records));
    expect(await lambda.invoke(ventilator.name, batch)).toMatchObject({
      kind: "answered",
      payload: '{"batchItemFailures":[{"itemIdentifier":"unlucky"}]}',
    });
  }
  expect(await readDeadLetters(cloud.clients.sqs, deployment.deadLetterQueueUrl)).toEqual([]);
});
