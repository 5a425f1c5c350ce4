import { bytesToHex } from "@noble/hashes/utils.js";
import { BATCH_SIZE_MAX } from "../aws-bounds.ts";
import { SluiceError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Queue } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import type { Rosters } from "../ports/rosters.ts";
import type { RunStore } from "../ports/run-store.ts";
import { parseRecord } from "../records/record.ts";
import { completeAtSeal } from "../runs/complete-at-seal.ts";
import { type BatchSender, createBatchSender } from "./batch-sender.ts";
import { type Block, createBlock } from "./block.ts";
import { createCallLimits } from "./call-limits.ts";
import type { ParsedOptions } from "./enqueue-options.ts";
import { createEnrolment, type Enrolment } from "./enrolment.ts";
import { entryOf, type RunNames } from "./entry.ts";
import { cutText } from "./excerpt.ts";
import { createInputReader, type InputReader } from "./input-reader.ts";
import { createLinger, type Linger } from "./linger.ts";
import { noteRefused } from "./note-refused.ts";
import { reachPort } from "./reach-store.ts";
import type { RecordInput } from "./record-input.ts";
import { createRunCount, type EnqueueResult, type RunCount } from "./run-count.ts";
import { createRunDeduplicator } from "./run-deduplicator.ts";
import type { RunIdentity } from "./run-row.ts";
import { createRunStop, type RunStop } from "./run-stop.ts";
import type { BatchEntry, RefusedEntry, SendingFailure } from "./send-batch.ts";

const REASON_MAX_LENGTH = 500;
/** Time to look whether a run is done when it is sealed: of the longest, whose records all had their end, 2,500 parts are read. */
const COMPLETE_TIMEOUT_MS = 10_000;

/** Everything that a run works with. */
export interface RunDeps {
  readonly queue: Queue;
  readonly runs: RunStore;
  readonly rosters: Rosters;
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
 * @param provider the provider's id
 */
export async function run(
  records: RecordInput,
  provider: string,
  identity: RunIdentity,
  { concurrency, giveUpAfterMs, signal, onProgress, runId: givenRunId }: ParsedOptions,
  deps: RunDeps,
): Promise<RunEnd> {
  const { runId } = identity;
  const count = createRunCount(runId);
  const stop = createRunStop(deps.clock, signal);
  const limits = createCallLimits(deps.clock, stop.lastSignal);
  const reach = { ...deps, giveUpAfterMs, stop, limits };
  const runs = reachPort("the table", deps.runs, reach);
  const rosters = reachPort("the table", deps.rosters, reach);
  const refused: RefusedEntry[] = [];
  let failure: SendingFailure | undefined;
  const sender = createBatchSender({
    ...deps,
    limits,
    concurrency,
    giveUpAfterMs,
    stop,
    onSent(sent) {
      count.addSent(sent);
      refused.push(...sent.refused.map(copyOf));
      onProgress?.(count.progress());
    },
    onFailure(failed) {
      failure ??= failed;
      stop.stop(failed.cause);
    },
  });
  try {
    const stored = givenRunId === undefined ? undefined : await runs.read(runId);
    if (stored === undefined) checkDeadline(identity);
    const enrolment = createEnrolment(identity, stored, concurrency * BATCH_SIZE_MAX, {
      ...deps,
      runs,
      rosters,
    });
    const names = namesOf(provider, { ...identity, ...stored });
    const entryFor = createEntries(names, count, enrolment);
    await sendAll(records, { clock: deps.clock, stop, sender, enrolment, entryFor });
    await noteRefused(runId, refused, deps.clock.nowMs(), runs);
    if (failure === undefined) await enrolment.confirm();
    const mayBeDone = enrolment.isSealedAfterLast() || refused.length > 0;
    if (failure === undefined && mayBeDone && !stop.signal.aborted) {
      const sealed = { runId, plannedCount: enrolment.count() };
      const complete = () => completeAtSeal(sealed, deps.runs, deps.clock.nowMs());
      // What fails of it, or is given up, is left to the waker.
      await limits.keep(COMPLETE_TIMEOUT_MS, complete, "the table").catch(() => {});
    }
  } catch (cause) {
    failure ??= { cause };
  }
  await sender.ended();
  limits.release();
  stop.release();
  return { result: count.result(), failure };
}

/** A run that is resumed may be late; a new one that is has a mistake in its deadline. */
function checkDeadline({ deadlineMs = Number.POSITIVE_INFINITY, createdAtMs }: RunIdentity): void {
  if (deadlineMs > createdAtMs) return;
  const received = new Date(deadlineMs).toISOString();
  throw new SluiceError(
    "input-invalid",
    `Nothing was enqueued: options.deadline must be in the future, received ${received}`,
  );
}

function namesOf(provider: string, { runId, correlationId, deadlineMs }: RunIdentity): RunNames {
  return {
    provider,
    runId,
    correlationId,
    ...(deadlineMs !== undefined && { expiresAtMs: deadlineMs }),
  };
}

/** A copy that keeps nothing else alive: an id may be a part of a text that is far longer, and so may a reason. */
function copyOf({ recordId, reason, ...refused }: RefusedEntry): RefusedEntry {
  return { ...refused, recordId: structuredClone(recordId), reason: cutText(reason, REASON_MAX_LENGTH) };
}

/** Makes the function that turns an input into an entry to send, and counts it where it is none. */
function createEntries(names: RunNames, count: RunCount, enrolment: Enrolment) {
  const deduplicator = createRunDeduplicator(names.runId);
  return (index: number, given: unknown): BatchEntry | undefined => {
    const parsed = parseRecord(given);
    if (parsed.kind === "rejected") {
      count.addRejected(index, parsed.id, parsed.reason);
      return undefined;
    }
    const { record } = parsed;
    const hash = deduplicator.admit(record.id);
    if (hash === undefined) {
      count.addDuplicate();
      return undefined;
    }
    const { number, isSent } = enrolment.next(hash, record.id);
    if (isSent) {
      count.addSent({ accepted: 1, refused: [] });
      return undefined;
    }
    return { index, number, recordId: record.id, entry: entryOf(record, number, bytesToHex(hash), names) };
  };
}

/** The parts that an input is read with. */
interface Reading {
  readonly clock: Clock;
  readonly stop: RunStop;
  readonly sender: BatchSender;
  readonly enrolment: Enrolment;
  entryFor(index: number, given: unknown): BatchEntry | undefined;
}

/**
 * Sends an input's records, up to its end.
 * @throws every error of the input; the reason of the stop if the input is left for it; RunRefused, Unreachable
 */
async function sendAll(records: RecordInput, reading: Reading): Promise<void> {
  const { clock, stop, sender, enrolment } = reading;
  const block = createBlock(enrolment, sender);
  const input = createInputReader(records);
  const linger = createLinger(clock, input.interrupt);
  stop.signal.addEventListener("abort", input.interrupt);
  try {
    const end = await readToEnd(input, linger, block, reading);
    switch (end.kind) {
      case "end":
        return await block.send(true);
      case "stopped":
        await input.close(stop.lastSignal);
        throw stop.signal.reason;
      case "failed":
        await block.send(false);
        throw end.cause;
    }
  } finally {
    linger.release();
    await sender.ended();
  }
}

/** The end of reading: of the input, by a stop, or because the input failed. */
type ReadEnd = { readonly kind: "end" | "stopped" } | { readonly kind: "failed"; readonly cause: unknown };

/** Reads an input, and sends what is read block by block; the last block is left. @throws RunRefused, Unreachable */
async function readToEnd(
  input: InputReader,
  linger: Linger,
  block: Block,
  { stop, entryFor }: Reading,
): Promise<ReadEnd> {
  for (let index = 0; !stop.signal.aborted; ) {
    const entries = block.entries();
    if (block.isFull() || linger.isOver(entries)) {
      await block.send(false);
      continue;
    }
    const coming = nextOf(input);
    if (coming instanceof Promise && entries.length > 0) linger.time(entries);
    // Each wait for a promise costs, and most records are there already.
    const read = coming instanceof Promise ? await coming.catch(failed) : coming;
    if (read.kind === "end" || read.kind === "failed") return read;
    if (read.kind === "interrupted") continue;
    const entry = entryFor(index, read.given);
    index += 1;
    if (entry !== undefined) block.add(entry);
  }
  return { kind: "stopped" };
}

function nextOf(input: InputReader): ReturnType<InputReader["next"]> | ReturnType<typeof failed> {
  try {
    return input.next();
  } catch (thrown) {
    return failed(thrown);
  }
}

const failed = (cause: unknown) => ({ kind: "failed", cause }) as const;
