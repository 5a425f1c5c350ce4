import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readProvider } from "@sluice/aws/file-catalog";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { NODEJS_OPTIONS } from "@sluice/core/deployment";
import { WORKER_CONTRACT_VERSION, type WorkerRequest } from "@sluice/core/worker";
import { CommanderError } from "commander";
import { bundleFile, bundleHandler } from "../cloud/bundle.ts";
import { type Cloud, startCloud } from "../cloud/cloud.ts";
import { type Deployment, deploy } from "../cloud/deploy.ts";
import { handlerEntries } from "../cloud/handlers.ts";
import type { BaselineEvent } from "./baseline-clients.ts";
import { parseStartBenchOptions } from "./start-options.ts";
import { type BundleSize, type StartFigures, startReport, startResults } from "./start-report.ts";
import type { StartTimes } from "./timed-handler.ts";

/** A handler to start, and its first call. */
interface Subject {
  readonly name: string;
  readonly bundlePath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly event: unknown;
}

const BASELINE = fileURLToPath(new URL("./baseline-clients.ts", import.meta.url));
const TIMED_HANDLER = fileURLToPath(new URL("./timed-handler.ts", import.meta.url));
const TIMEOUT_MS = 10_000;
const MEMORY_MB = 256;
/** Longer than any benchmark: the benchmark itself calls the waker. */
const NEVER_MS = 86_400_000;
/** The port "discard", at which no machine listens. */
const REFUSING_URL = "https://127.0.0.1:9";

async function main(args: readonly string[]): Promise<void> {
  const { runs, json } = parseStartBenchOptions(args);
  const cloud = await startCloud();
  try {
    const deployment = await deploy(cloud, await readProvider("demo"), {
      environment: "bench",
      wakeEveryMs: NEVER_MS,
      variables: { POWERTOOLS_LOG_LEVEL: "SILENT" },
    });
    const bundles = await measureBundles(cloud.folder);
    const figures = await measureStarts(cloud, await subjectsOf(cloud, deployment), runs);
    const results = startResults(bundles, figures);
    process.stdout.write(json ? `${JSON.stringify(results, undefined, 2)}\n` : startReport(results));
  } finally {
    await cloud.stop(0);
  }
}

async function measureBundles(folder: string): Promise<readonly BundleSize[]> {
  const sizes: BundleSize[] = [];
  for (const name of await handlerEntries()) {
    const { size: bytes } = await stat(await bundleHandler(name, join(folder, "sizes")));
    sizes.push({ name, bytes });
  }
  return sizes;
}

/**
 * The handlers to start. The ventilator is asked for a record that has been fetched already, so that its answer takes
 * DynamoDB, but no worker; the waker for a look at a provider that is well; the worker for a record of a provider that
 * refuses the connection, so that its answer takes all of its HTTPS client and no time of a provider's.
 */
async function subjectsOf(cloud: Cloud, { plan }: Deployment): Promise<readonly Subject[]> {
  const { lambda } = cloud.lambdaService;
  const asSst = await bundleFile(BASELINE, join(cloud.folder, "baseline"), {});
  const asDeployed = await bundleFile(BASELINE, join(cloud.folder, "baseline-trimmed"), NODEJS_OPTIONS);
  const deployed = (name: string) => {
    const settings = lambda.find(name);
    if (settings === undefined) throw new TypeError(`${name} is not deployed`);
    return { bundlePath: settings.bundlePath, environment: settings.environment };
  };
  const { environment } = deployed(plan.ventilator.name);
  const answering: BaselineEvent = {};
  const reading: BaselineEvent = { readFrom: plan.names.table };
  const batch = batchOf(plan.names.queues.records);
  await lambda.invoke(plan.ventilator.name, JSON.stringify(batch));
  const worker = {
    bundlePath: await bundleHandler("workers/http-json", cloud.folder),
    environment: { ...deployed(plan.worker.name).environment, PROVIDER_BASE_URL: REFUSING_URL },
  };
  return [
    { name: "baseline", bundlePath: asSst, environment, event: answering },
    { name: "baseline, reading", bundlePath: asSst, environment, event: reading },
    { name: "trimmed baseline, reading", bundlePath: asDeployed, environment, event: reading },
    { name: "ventilator", ...deployed(plan.ventilator.name), event: batch },
    { name: "waker", ...deployed(plan.waker.name), event: {} },
    { name: "worker", ...worker, event: workerRequest() },
  ];
}

function batchOf(queueName: string): unknown {
  const id = systemIds.next();
  const message = { version: 1, provider: "demo", recordId: "a", runId: id, correlationId: id };
  return {
    Records: [
      {
        messageId: id,
        receiptHandle: id,
        body: JSON.stringify(message),
        attributes: { ApproximateReceiveCount: "1" },
        eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueName}`,
      },
    ],
  };
}

function workerRequest(): WorkerRequest {
  const id = systemIds.next();
  return {
    version: WORKER_CONTRACT_VERSION,
    attemptId: id,
    provider: "demo",
    recordId: "a",
    attempt: 1,
    runId: id,
    correlationId: id,
    deadlineAtMs: systemClock.nowMs() + NEVER_MS,
  };
}

async function measureStarts(
  cloud: Cloud,
  subjects: readonly Subject[],
  runs: number,
): Promise<readonly StartFigures[]> {
  const measured = subjects.map(({ name }) => ({ name, times: [] as StartTimes[] }));
  // The first round warms what all share: the disk's cache, and what Node loads once for all threads.
  for (let run = 0; run <= runs; run += 1) {
    for (const [index, subject] of subjects.entries()) {
      const times = await startOnce(cloud, subject);
      if (run > 0) measured[index]?.times.push(times);
    }
  }
  return measured;
}

async function startOnce({ lambdaService: { lambda } }: Cloud, subject: Subject): Promise<StartTimes> {
  const name = `bench-${subject.name}`;
  lambda.deploy({
    name,
    bundlePath: TIMED_HANDLER,
    timeoutMs: TIMEOUT_MS,
    memoryMb: MEMORY_MB,
    environment: { ...subject.environment, BENCH_BUNDLE: subject.bundlePath },
  });
  const result = await lambda.invoke(name, JSON.stringify(subject.event));
  if (result.kind !== "answered") throw new TypeError(`${name}: ${JSON.stringify(result)}`);
  return JSON.parse(result.payload);
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) throw thrown;
  process.exitCode = thrown.exitCode;
}
