import type { Clock } from "../ports/clock.ts";
import type { Queue } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import { parseRecord } from "../records/record.ts";
import { type BatchSender, createBatchSender } from "./batch-sender.ts";
import { createCallLimits } from "./call-limits.ts";
import type { ParsedOptions } from "./enqueue-options.ts";
import { entryOf, type RunNames } from "./entry.ts";
import { createInputReader, type InputReader } from "./input-reader.ts";
import { createLinger, type Linger } from "./linger.ts";
import type { RecordInput } from "./record-input.ts";
import { createRunCount, type EnqueueResult, type RunCount } from "./run-count.ts";
import { createRunDeduplicator } from "./run-deduplicator.ts";
import { createRunStop, type RunStop } from "./run-stop.ts";
import type { BatchEntry, SendingFailure } from "./send-batch.ts";

/** Everything that a run works with. */
export interface RunDeps {
  readonly queue: Queue;
  readonly clock: Clock;
  readonly random: Random;
}

/** The end of a run: what has become of its records, and the first failure, if some are left out. */
export interface RunEnd {
  readonly result: EnqueueResult;
  readonly failure?: SendingFailure | undefined;
}

/**
 * Reads an input to its end and sends its records. Once it is aborted, or the queue refuses, it ends within about a second,
 * whatever input and queue do. What was read before the input failed is still sent.
 */
export async function run(
  records: RecordInput,
  names: RunNames,
  { concurrency, giveUpAfterMs, signal, onProgress }: ParsedOptions,
  deps: RunDeps,
): Promise<RunEnd> {
  const count = createRunCount(names.runId);
  const stop = createRunStop(deps.clock, signal);
  const limits = createCallLimits(deps.clock, stop.lastSignal);
  let failure: SendingFailure | undefined;
  const sender = createBatchSender({
    ...deps,
    limits,
    concurrency,
    giveUpAfterMs,
    stop,
    onSent(sent) {
      count.addSent(sent);
      onProgress?.(count.progress());
    },
    onFailure(failed) {
      failure ??= failed;
      stop.stop(failed.cause);
    },
  });
  const entryFor = createEntries(names, count);
  try {
    await readAll(records, { clock: deps.clock, stop, sender, entryFor });
  } catch (cause) {
    failure ??= { cause };
  }
  await sender.flush();
  await sender.ended();
  limits.release();
  stop.release();
  return { result: count.result(), failure };
}

/** Makes the function that turns an input into an entry, and counts it where it is none. */
function createEntries(names: RunNames, count: RunCount) {
  const deduplicator = createRunDeduplicator(names.runId);
  return (index: number, given: unknown): BatchEntry | undefined => {
    const parsed = parseRecord(given);
    if (parsed.kind === "rejected") {
      count.addRejected(index, parsed.id, parsed.reason);
      return undefined;
    }
    const { record } = parsed;
    const deduplicationId = deduplicator.admit(record.id);
    if (deduplicationId === undefined) {
      count.addDuplicate();
      return undefined;
    }
    return { index, recordId: record.id, entry: entryOf(record, deduplicationId, names) };
  };
}

/** The parts that an input is read with. */
interface Reading {
  readonly clock: Clock;
  readonly stop: RunStop;
  readonly sender: BatchSender;
  entryFor(index: number, given: unknown): BatchEntry | undefined;
}

/**
 * Hands an input's records to the sender, up to its end.
 * @throws every error of the input; the reason of the stop if the input is left for it
 */
async function readAll(records: RecordInput, reading: Reading): Promise<void> {
  const { clock, stop } = reading;
  const input = createInputReader(records);
  const linger = createLinger(clock, input.interrupt);
  stop.signal.addEventListener("abort", input.interrupt);
  try {
    if (await readUntilStopped(input, linger, reading)) return;
  } finally {
    linger.release();
  }
  await input.close(stop.lastSignal);
  throw stop.signal.reason;
}

/** Resolves to true at the input's end, to false if it was stopped before. */
async function readUntilStopped(
  input: InputReader,
  linger: Linger,
  { stop, sender, entryFor }: Reading,
): Promise<boolean> {
  for (let index = 0; !stop.signal.aborted; ) {
    const filling = sender.filling();
    if (sender.isFull() || linger.isOver(filling)) {
      await sender.flush();
      continue;
    }
    const coming = input.next();
    if (coming instanceof Promise && filling.length > 0) linger.time(filling);
    // Each wait for a promise costs, and most records are there already.
    const read = coming instanceof Promise ? await coming : coming;
    if (read.kind === "end") return true;
    if (read.kind === "interrupted") continue;
    const entry = entryFor(index, read.given);
    index += 1;
    if (entry !== undefined) sender.add(entry);
  }
  return false;
}
