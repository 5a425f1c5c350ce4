import { readProvider } from "@sluice/aws/file-catalog";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { SluiceError } from "@sluice/core/errors";
import { namesOf } from "@sluice/core/provider/names";
import { createScheduler } from "@sluice/core/scheduler/scheduler";
import { interruptSignal } from "@sluice/sim/input/interrupt-signal";
import { CommanderError } from "commander";
import { feedText, showFeedProgress } from "./feed-progress.ts";
import { type FeedProgress, feedStream } from "./feed-stream.ts";
import { type FoundQueues, findQueues, sqsClientOf } from "./find-queues.ts";
import { type FeedOptions, parseFeedOptions, WHERE_TO_FEED } from "./options.ts";

/** Exit codes: the queue failed, the command is wrong or there is nothing to feed, Ctrl-C twice. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

async function main(args: readonly string[]): Promise<number> {
  const options = parseFeedOptions(args);
  const provider = await readProvider(options.provider);
  const names = namesOf(options.environment, provider.id);
  const found = await findQueues(sqsClientOf(process.env), names);
  if (found.kind !== "found") {
    process.stderr.write(`${problemOf(found)}\n${WHERE_TO_FEED}\n`);
    return EXIT_USAGE;
  }
  const deps = { queues: found.queues, clock: systemClock, ids: systemIds, random: systemRandom };
  const rate = `${options.rate} records a second`;
  process.stdout.write(`Feeding ${names.recordsQueue} with ${rate}; press Ctrl-C to end.\n`);
  await feedAndTell(createScheduler(provider, deps), options);
  return 0;
}

/** Whatever ends it, the last line says how many were enqueued. */
async function feedAndTell(
  scheduler: ReturnType<typeof createScheduler>,
  { rate, durationSeconds = Number.POSITIVE_INFINITY }: FeedOptions,
): Promise<void> {
  const show = showFeedProgress(process.stdout);
  let latest: FeedProgress = { acceptedCount: 0, rejectedCount: 0, elapsedMs: 0 };
  try {
    await feedStream(scheduler, {
      ratePerSecond: rate,
      durationMs: durationSeconds * 1_000,
      idPrefix: `feed-${systemIds.next().slice(0, 8)}`,
      clock: systemClock,
      signal: interruptSignal(EXIT_INTERRUPTED),
      onProgress(progress) {
        latest = progress;
        show(progress);
      },
    });
  } finally {
    process.stdout.write(`${process.stdout.isTTY ? "\r\u001b[K" : ""}${feedText(latest)}.\n`);
  }
}

function problemOf(found: Exclude<FoundQueues, { kind: "found" }>): string {
  return found.kind === "missing"
    ? `There is no queue ${found.queueName}.`
    : `SQS can't be reached: ${found.reason}`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode;
  } else if (thrown instanceof SluiceError) {
    process.stderr.write(`${thrown.message}\n`);
    process.exitCode = thrown.code === "enqueue-interrupted" ? EXIT_FAILED : EXIT_USAGE;
  } else {
    throw thrown;
  }
}
