import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { SluiceError } from "../errors.ts";
import type { NewRun, Run, RunStore } from "../ports/run-store.ts";

/** A run that can't take these records in. Nothing was sent that was not in it before. */
export class RunRefused extends SluiceError {
  constructor(runId: string, problem: string) {
    super("run-refused", `Run ${runId} ${problem}`);
  }
}

/**
 * Takes the records of a run in, block by block, before they are sent. What the row says about them binds each to its
 * number for ever, so that a run that is enqueued again is the same one, or is refused.
 */
export interface Enrolment {
  /**
   * Numbers the next record of the input.
   * @throws RunRefused if the run was enqueued with other records before
   */
  next(hash: Uint8Array): { readonly number: number; readonly isSent: boolean };
  /** True if the block that is being read, of so many records to send, is to be taken in now. */
  isBlockFull(blockCount: number): boolean;
  /**
   * Takes all in that were numbered.
   * @param firstUnsent the first record of earlier blocks that may not be in the queue yet
   * @param isLast there are no further ones
   * @throws RunRefused, Unreachable
   */
  enrol(firstUnsent: number | undefined, isLast: boolean): Promise<void>;
  /** Notes that all are in the queue, if that is worth a write. @throws Unreachable */
  confirm(): Promise<void>;
}

/** What a run is before its records are known. */
export type RunIdentity = Omit<NewRun, "plannedCount" | "digest" | "isSealed">;

/** Most records of a block: one write takes it in, and the input is read so far ahead of the queue. */
const BLOCK_MAX = 2_000;
/** A run of one call to the queue is not confirmed: a repeat of it sends that one again. */
const CONFIRMED_FROM_COUNT = 11;

/**
 * Begins the enrolment of a run.
 * @param stored the run as it is, if it was enqueued before
 * @param firstBlockCount records of the first block; each further one may be as large as all before it
 */
export function createEnrolment(
  identity: RunIdentity,
  stored: Run | undefined,
  firstBlockCount: number,
  runs: RunStore,
): Enrolment {
  const { runId } = identity;
  const hashes = sha256.create();
  let known = stored;
  let count = 0;
  let isWatched = false;

  const digest = () => bytesToHex(hashes.clone().digest().subarray(0, 16));

  function next(hash: Uint8Array) {
    const { plannedCount = 0, isSealed = false, completion, sentCount = 0 } = known ?? {};
    if (isSealed && count === plannedCount) throw differs(runId, `it has ${plannedCount} records`);
    const number = count;
    hashes.update(hash);
    count += 1;
    if (count === plannedCount) checkDigest();
    return { number, isSent: completion !== undefined || number < sentCount };
  }

  function checkDigest(): void {
    if (known?.digest !== digest()) throw differs(runId, `its first ${count} records were others`);
  }

  async function enrol(firstUnsent: number | undefined, isLast: boolean): Promise<void> {
    await takeIn(firstUnsent, isLast);
    if (known !== undefined) await watchOnce(known);
  }

  async function takeIn(firstUnsent: number | undefined, isLast: boolean): Promise<void> {
    const plannedCount = known?.plannedCount ?? 0;
    const sentCount = firstUnsent ?? plannedCount;
    if (count < plannedCount) {
      if (isLast) throw differs(runId, `it has ${plannedCount} records or more, and not ${count}`);
      return;
    }
    if (count === plannedCount && (!isLast || known?.isSealed === true)) return;
    const plan = { plannedCount: count, digest: digest(), isSealed: isLast };
    if (known === undefined) return open({ ...identity, ...plan });
    if ((await runs.plan(runId, { ...plan, fromCount: plannedCount, sentCount })) === "refused") {
      throw await refusal();
    }
    known = { ...known, ...plan, sentCount };
  }

  async function open(run: NewRun): Promise<void> {
    const opened = await runs.open(run);
    const isOwn = opened.digest === run.digest && opened.createdAtMs === run.createdAtMs;
    if (!isOwn) throw new RunRefused(runId, OVERTAKEN);
    known = opened;
  }

  /** The waker completes a run of which no ventilator sees the end, and tells of one that is late. */
  async function watchOnce({ isSealed, plannedCount, deadlineMs, completion }: Run): Promise<void> {
    if (isWatched || completion !== undefined) return;
    if (!isSealed || plannedCount === 0 || deadlineMs !== undefined) await runs.watch(runId);
    isWatched = true;
  }

  async function refusal(): Promise<RunRefused> {
    const now = await runs.read(runId);
    return new RunRefused(
      runId,
      now?.cancelledAtMs === undefined ? OVERTAKEN : "is cancelled: no record goes in",
    );
  }

  return {
    next,
    isBlockFull(blockCount) {
      const { plannedCount = 0, sentCount = 0 } = known ?? {};
      if (count === plannedCount) return blockCount > 0;
      if (count < plannedCount) return blockCount >= BLOCK_MAX && count > sentCount;
      return blockCount >= Math.min(BLOCK_MAX, Math.max(firstBlockCount, plannedCount));
    },
    enrol,
    async confirm() {
      if (known === undefined || known.sentCount >= count || count < CONFIRMED_FROM_COUNT) return;
      await runs.markSent(runId, count);
    },
  };
}

const OVERTAKEN =
  "is enqueued by another call, which began at the same time: let that one end, then call again";

function differs(runId: string, how: string): RunRefused {
  return new RunRefused(
    runId,
    `was enqueued before with other records: ${how}; enqueue these under another run id, in the same order each time`,
  );
}
