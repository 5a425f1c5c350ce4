import type { Roster, Rosters } from "../ports/rosters.ts";
import type { Run } from "../ports/run-store.ts";
import { createFingerprints } from "../runs/roster.ts";

/** Keeps which records a run has, so that each is found without its message. */
export interface RosterWriter {
  /** Takes note of a record that is taken in next. */
  add(number: number, hash: Uint8Array, recordId: string): void;
  /** Keeps those that were noted, once they are taken in. @throws Unreachable */
  write(run: Run): Promise<void>;
}

/** Records whose fingerprints fit into the listing of their run, in one write unit. */
const LISTED_MAX = 40;

/** Makes the writer of one call: what is repeated of an earlier one is kept again. */
export function createRosterWriter(
  rosters: Pick<Rosters, "list" | "keepRoster">,
  nowMs: () => number,
): RosterWriter {
  const fingerprints = createFingerprints();
  let fromNumber = 0;
  let firstRecordId = "";
  let isListed = false;

  return {
    add(number, hash, recordId) {
      if (number === 0) firstRecordId = recordId;
      if (fingerprints.count() === 0) fromNumber = number;
      fingerprints.add(hash);
    },
    async write({ runId, lane, createdAtMs, isSealed, plannedCount }) {
      const count = fingerprints.count();
      const roster: Roster = { fromNumber, fingerprints: fingerprints.take() };
      const isShort = count > 0 && fromNumber === 0 && count <= LISTED_MAX;
      if (count > 0 && !isShort) await rosters.keepRoster(runId, roster, nowMs());
      if (isListed && !isShort) return;
      const isOnly = isSealed && plannedCount === 1 && count === 1;
      const listed = { runId, lane, createdAtMs, ...(isOnly && { onlyRecordId: firstRecordId }) };
      await rosters.list(isShort ? { ...listed, roster } : listed);
      isListed = true;
    },
  };
}
