import { createRecordHash } from "../records/record-in-run.ts";
import { createHashSet } from "./hash-set.ts";

/** Finds the first occurrence of each id in a run. */
export interface RunDeduplicator {
  /** The hash of run and record; undefined if the run has had this record already. */
  admit(recordId: string): Uint8Array | undefined;
}

/**
 * Makes the deduplicator of a run. The hash of run and record is the deduplication id, so that a repeated send is one message
 * and a later run is never swallowed. 128 bits of it are remembered: no two records of a run are ever taken for one.
 */
export function createRunDeduplicator(runId: string): RunDeduplicator {
  const seen = createHashSet();
  const hashOf = createRecordHash(runId);
  return {
    admit(recordId) {
      const hash = hashOf(recordId);
      return seen.add(hash) ? hash : undefined;
    },
  };
}
