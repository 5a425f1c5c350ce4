import { readFile } from "node:fs/promises";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { BATCH_SIZE_MAX } from "@sluice/core/aws-bounds";
import { tableNamed } from "@sluice/core/deployment";
import { byLane } from "@sluice/core/provider";
import { createScheduler } from "@sluice/core/scheduler";
import { createSchedulerStores } from "@sluice/core/storage";
import { createDynamoDbClientFor, createSqsClientFor } from "../cloud/clients.ts";
import { createQueue } from "../cloud/create-queue.ts";
import { createTable } from "../cloud/create-table.ts";
import { readRecords } from "../input/read-records.ts";
import { endAllBut, measureProgress, type ProgressMeasure } from "./run-progress.ts";

/** The time and the memory that one way of enqueuing took. */
export interface EnqueueMeasure {
  readonly accepted: number;
  readonly seconds: number;
  readonly peakRssMb: number;
  /** Of the scheduler: how its run is read once nearly all records have had their end. */
  readonly progress?: ProgressMeasure;
}

/** The emulators' addresses. */
export interface BenchEndpoints {
  readonly sqs: string;
  readonly dynamodb: string;
}

const CONCURRENCY = 16;
const REGION = "us-east-1";
const RUN_ID = "bench";

const [role = "", endpoints = "{}", path = ""] = process.argv.slice(2);
const urls = JSON.parse(endpoints) as BenchEndpoints;
await report(role === "bare" ? enqueueBare : enqueueByScheduler);

/** The records that were enqueued, and a measurement that is made after it. */
interface Enqueued {
  readonly accepted: number;
  measure?(): Promise<ProgressMeasure>;
}

async function report(enqueue: (queueUrl: string) => Promise<Enqueued>): Promise<void> {
  const plan = { name: "bench.fifo", visibilityTimeoutMs: 30_000, retentionMs: 3_600_000 };
  const { url: queueUrl } = await createQueue(createSqsClientFor(urls.sqs, REGION), plan);
  const startedAtMs = performance.now();
  const { accepted, measure } = await enqueue(queueUrl);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1_024);
  const measured: EnqueueMeasure = { accepted, seconds, peakRssMb };
  process.send?.(measure ? { ...measured, progress: await measure() } : measured, () => process.exit());
}

async function enqueueByScheduler(queueUrl: string): Promise<Enqueued> {
  const queue = createSqsQueue(createSqsClientFor(urls.sqs, REGION), queueUrl);
  const client = createDynamoDbClientFor(urls.dynamodb, REGION);
  const table = { name: "bench", client };
  await createTable(client, tableNamed(table.name));
  const stores = createSchedulerStores(table, "bench", systemClock.nowMs);
  const scheduler = createScheduler(
    { id: "bench" },
    {
      queues: byLane(() => queue),
      ...stores,
      clock: systemClock,
      ids: systemIds,
      random: systemRandom,
    },
  );
  const { accepted } = await scheduler.enqueue(readRecords({ path, name: path }), {
    runId: RUN_ID,
    concurrency: CONCURRENCY,
  });
  return {
    accepted,
    async measure() {
      await endAllBut(1, RUN_ID, accepted, stores.runs);
      return measureProgress(scheduler, RUN_ID, client);
    },
  };
}

/** The fastest way there is: ids from memory, no checks, no retries. */
async function enqueueBare(queueUrl: string): Promise<Enqueued> {
  const client = createSqsClientFor(urls.sqs, REGION);
  const ids = (await readFile(path, "utf8")).trimEnd().split("\n");
  let next = 0;
  async function lane(): Promise<void> {
    while (next < ids.length) {
      const batch = ids.slice(next, next + BATCH_SIZE_MAX);
      next += BATCH_SIZE_MAX;
      const Entries = batch.map((id, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify({ recordId: id }),
        MessageGroupId: id,
        MessageDeduplicationId: id,
      }));
      await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return { accepted: ids.length };
}
