import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Clock } from "../ports/clock.ts";
import type { Rosters } from "../ports/rosters.ts";
import type { Run, RunStore } from "../ports/run-store.ts";
import { createRosterWriter } from "./roster-writer.ts";
import { RunRefused } from "./run-refused.ts";
import { createRunRow, type RunIdentity } from "./run-row.ts";

/**
 * Takes the records of a run in, block by block, before they are sent. What the row says about them binds each to its
 * number for ever, so that a run that is enqueued again is the same one, or is refused.
 */
export interface Enrolment {
  /**
   * Numbers the next record of the input.
   * @throws RunRefused if the run was enqueued with other records before
   */
  next(hash: Uint8Array, recordId: string): { readonly number: number; readonly isSent: boolean };
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
  /** Records taken in. */
  count(): number;
  /** True if the run was sealed after its last message was sent: whoever ended that record did not know that it was the last. */
  isSealedAfterLast(): boolean;
}

/** Everything that records are taken in with. */
export interface EnrolmentDeps {
  readonly runs: RunStore;
  readonly rosters: Rosters;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Most records of a block: one write takes it in, and the input is read so far ahead of the queue. */
const BLOCK_MAX = 2_000;
/** A run of one call to the queue is not confirmed: a repeat of it sends that one again. */
const CONFIRMED_FROM_COUNT = 11;
/** A run before it is opened. */
const NOTHING = { plannedCount: 0, sentCount: 0, digest: "", isSealed: false, completion: undefined };

/**
 * Begins the enrolment of a run.
 * @param stored the run as it is, if it was enqueued before
 * @param firstBlockCount records of the first block; each further one may be as large as all before it
 */
export function createEnrolment(
  identity: RunIdentity,
  stored: Run | undefined,
  firstBlockCount: number,
  { runs, rosters, clock }: EnrolmentDeps,
): Enrolment {
  const { runId } = identity;
  const row = createRunRow(identity, stored, runs);
  const roster = createRosterWriter(rosters, clock.nowMs);
  const known = () => row.known() ?? NOTHING;
  const hashes = sha256.create();
  let count = 0;
  let isSealedAfterLast = false;
  const digest = () => bytesToHex(hashes.clone().digest().subarray(0, 16));

  function next(hash: Uint8Array, recordId: string) {
    const { plannedCount, isSealed, completion, sentCount } = known();
    if (isSealed && count === plannedCount) throw differs(runId, `it has ${plannedCount} records`);
    const number = count;
    hashes.update(hash);
    count += 1;
    if (count === plannedCount && known().digest !== digest()) {
      throw differs(runId, `its first ${count} records were others`);
    }
    const isSent = completion !== undefined || number < sentCount;
    if (!isSent) roster.add(number, hash, recordId);
    return { number, isSent };
  }

  async function enrol(firstUnsent: number | undefined, isLast: boolean): Promise<void> {
    const { plannedCount, isSealed } = known();
    if (count < plannedCount && isLast) {
      throw differs(runId, `it has ${plannedCount} records or more, and not ${count}`);
    }
    isSealedAfterLast = isLast && !isSealed && count === plannedCount;
    if (count > plannedCount || (isLast && !isSealed)) {
      const sentCount = firstUnsent ?? plannedCount;
      await row.takeIn({ plannedCount: count, digest: digest(), isSealed: isLast, sentCount });
    }
    const run = row.known();
    if (run !== undefined && run.completion === undefined) await roster.write(run);
    await row.watch();
  }

  return {
    next,
    isBlockFull(blockCount) {
      const { plannedCount, sentCount } = known();
      if (count === plannedCount) return blockCount > 0;
      if (count < plannedCount) return blockCount >= BLOCK_MAX && count > sentCount;
      return blockCount >= Math.min(BLOCK_MAX, Math.max(firstBlockCount, plannedCount));
    },
    enrol,
    async confirm() {
      if (known().sentCount < count && count >= CONFIRMED_FROM_COUNT) await runs.markSent(runId, count);
    },
    count: () => count,
    isSealedAfterLast: () => isSealedAfterLast,
  };
}

function differs(runId: string, how: string): RunRefused {
  const advice = "enqueue these under another run id, and those of a run in the same order each time";
  return new RunRefused(runId, `was enqueued before with other records: ${how}; ${advice}`);
}
