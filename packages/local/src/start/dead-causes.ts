import type { Fetch } from "@sluice/core/ports";

/** Records that died for the same reason. */
export interface DeadCause {
  readonly cause: string;
  readonly count: number;
  /** One of them. */
  readonly recordId: string;
}

const CUT_OFF = "each of its attempts was cut off by a crash";

/** The causes of dead records, the most frequent first; a record's id in its cause makes it no other one. */
export function deadCausesOf(rows: readonly Fetch[]): DeadCause[] {
  const dead = rows.filter(({ status }) => status === "dead");
  return [...Map.groupBy(dead, causeOf)]
    .map(([cause, [row, ...others]]) => ({ cause, count: 1 + others.length, recordId: row?.recordId ?? "" }))
    .toSorted((one, other) => other.count - one.count);
}

function causeOf({ history, recordId }: Fetch): string {
  const cause = history.findLast((attempt) => attempt.cause !== undefined)?.cause ?? CUT_OFF;
  return [recordId, encodeURIComponent(recordId)].reduce((text, id) => text.replaceAll(id, "…"), cause);
}
