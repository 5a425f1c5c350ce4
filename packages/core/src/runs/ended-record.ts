import type { RecordEnd } from "../records/record-end.ts";

/** A record that has had its end in a run. */
export interface EndedRecord {
  readonly runId: string;
  /** Its number in the run, from 0. */
  readonly number: number;
  readonly recordId: string;
  readonly end: RecordEnd;
  /** Of one that is dead or expired: why. */
  readonly cause?: string;
}

/** The ends of which records are kept by name. */
export const LOST_ENDS = ["dead", "expired"] as const;

/** An ended record that was not fetched, and is kept by name. */
export type LostEnd = EndedRecord & { readonly end: (typeof LOST_ENDS)[number] };

/** True for a record that is kept by name. */
export function isLost(ended: EndedRecord): ended is LostEnd {
  return LOST_ENDS.some((end) => end === ended.end);
}
