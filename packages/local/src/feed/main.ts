import { readProvider } from "@sluice/aws/file-catalog";
import { createScheduler, type Scheduler } from "@sluice/aws/scheduler";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { interruptSignal, runCommand } from "@sluice/sim/command";
import { feedText, showFeedProgress } from "./feed-progress.ts";
import { type FeedProgress, feedStream } from "./feed-stream.ts";
import { createFeedClients, farEndpointAdvice } from "./feed-target.ts";
import { type FeedOptions, parseFeedOptions, WHERE_TO_FEED } from "./options.ts";

/** Exit codes: the queue failed, the command is wrong or there is nothing to feed, Ctrl-C twice. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

async function main(args: readonly string[]): Promise<number> {
  const options = parseFeedOptions(args);
  const { provider, environment, rate } = options;
  // Only for its list of providers, if the id is misspelt.
  await readProvider(provider);
  let scheduler: Scheduler;
  try {
    scheduler = await createScheduler({ provider, environment, ...createFeedClients(process.env) });
  } catch (thrown) {
    process.stderr.write(`${[...problemsOf(thrown), WHERE_TO_FEED].join("\n")}\n`);
    return EXIT_USAGE;
  }
  process.stdout.write(
    `Feeding ${provider} in ${environment} with ${rate} records a second; press Ctrl-C to end.\n`,
  );
  await feedAndTell(scheduler, options);
  return 0;
}

/** Feeds, and shows progress. The last line says how many records were enqueued, after an error too. */
async function feedAndTell(
  scheduler: Scheduler,
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

/** The message of an error, which may be one of the SDK's that has no name here, and what it comes from where that can be told. */
function problemsOf(thrown: unknown): readonly string[] {
  if (!(thrown instanceof SluiceError)) return [`SQS can't be reached: ${messageOf(thrown)}`];
  const advice = thrown.code === "client-misconfigured" ? farEndpointAdvice(process.env) : undefined;
  return [thrown.message, ...(advice === undefined ? [] : [advice])];
}

await runCommand(main, { "enqueue-interrupted": EXIT_FAILED });
