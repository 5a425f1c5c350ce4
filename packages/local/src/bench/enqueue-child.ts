import { readFile } from "node:fs/promises";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { BATCH_SIZE_MAX } from "@sluice/core/aws-bounds";
import { byLane } from "@sluice/core/provider";
import { createScheduler } from "@sluice/core/scheduler";
import { createMemoryRunStore } from "@sluice/core/storage/memory";
import { createSqsClientFor } from "../cloud/clients.ts";
import { createQueue } from "../cloud/create-queue.ts";
import { readRecords } from "../input/read-records.ts";
import { startSqs } from "../sqs/server.ts";

/** The time and the memory that one way of enqueuing took. */
export interface EnqueueMeasure {
  readonly accepted: number;
  readonly seconds: number;
  readonly peakRssMb: number;
}

const CONCURRENCY = 16;

const [role = "", url = "", path = ""] = process.argv.slice(2);
if (role === "emulator") process.send?.((await startSqs()).url);
else await report(role === "bare" ? enqueueBare : enqueueByScheduler);

async function report(enqueue: (queueUrl: string) => Promise<number>): Promise<void> {
  const plan = { name: "bench.fifo", visibilityTimeoutMs: 30_000, retentionMs: 3_600_000 };
  const { url: queueUrl } = await createQueue(createSqsClientFor(url, "us-east-1"), plan);
  const startedAtMs = performance.now();
  const accepted = await enqueue(queueUrl);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1_024);
  process.send?.({ accepted, seconds, peakRssMb } satisfies EnqueueMeasure, () => process.exit());
}

async function enqueueByScheduler(queueUrl: string): Promise<number> {
  const queue = createSqsQueue(createSqsClientFor(url, "us-east-1"), queueUrl);
  const scheduler = createScheduler(
    { id: "bench" },
    {
      queues: byLane(() => queue),
      runs: createMemoryRunStore(),
      clock: systemClock,
      ids: systemIds,
      random: systemRandom,
    },
  );
  const { accepted } = await scheduler.enqueue(readRecords({ path, name: path }), {
    concurrency: CONCURRENCY,
  });
  return accepted;
}

/** The fastest way there is: ids from memory, no checks, no retries. */
async function enqueueBare(queueUrl: string): Promise<number> {
  const client = createSqsClientFor(url, "us-east-1");
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
  return ids.length;
}
