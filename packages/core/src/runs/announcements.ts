import type { Announcement } from "../ports/announcer.ts";
import type { LostRecord, Run, RunCompletion } from "../ports/run-store.ts";
import { shortened } from "../records/cause.ts";
import { sha256Hex } from "../records/record-key.ts";
import type { EndedRecord } from "./ended-record.ts";

/** Lost records that an announcement lists: EventBridge takes 256 KB, and half of that is read by nobody. */
export const LISTED_MAX = 100;
/** Longest cause of a listed record, in bytes. */
const LISTED_CAUSE_MAX_BYTES = 500;

/** Says that every record of a run has had its end. */
export function runCompleted(
  provider: string,
  run: Run,
  { completedAtMs, counts }: Pick<RunCompletion, "completedAtMs" | "counts">,
  lost: readonly LostRecord[],
): Announcement {
  const { runId, correlationId, lane, plannedCount, createdAtMs, cancelledAtMs } = run;
  return {
    id: idOf("Run Completed", provider, runId),
    kind: "Run Completed",
    atMs: completedAtMs,
    detail: {
      provider,
      runId,
      correlationId,
      lane,
      accepted: plannedCount,
      ...counts,
      isCancelled: cancelledAtMs !== undefined,
      createdAtMs,
      completedAtMs,
      durationMs: completedAtMs - createdAtMs,
      lost: lost.slice(0, LISTED_MAX).map(({ recordId, end, cause }) => ({
        recordId,
        end,
        cause: shortened(cause, LISTED_CAUSE_MAX_BYTES),
      })),
    },
  };
}

/** Says that a run will not be done by its deadline, as things are. */
export function runLate(
  provider: string,
  run: Run,
  endsAtMs: number | undefined,
  atMs: number,
): Announcement {
  const { runId, correlationId, lane, plannedCount, deadlineMs } = run;
  return {
    id: idOf("Run Late", provider, runId),
    kind: "Run Late",
    atMs,
    detail: {
      provider,
      runId,
      correlationId,
      lane,
      accepted: plannedCount,
      deadlineMs,
      ...(endsAtMs && { endsAtMs }),
    },
  };
}

/** Says that a record of a run was given up. */
export function recordDead(
  provider: string,
  { runId, number, recordId, cause = "" }: EndedRecord,
  atMs: number,
): Announcement {
  return {
    id: idOf("Record Dead", provider, runId, String(number)),
    kind: "Record Dead",
    atMs,
    detail: { provider, runId, recordId, cause: shortened(cause, LISTED_CAUSE_MAX_BYTES) },
  };
}

function idOf(...names: readonly string[]): string {
  return sha256Hex(JSON.stringify(names)).slice(0, 32);
}
