import type { RunStore } from "../ports/run-store.ts";
import { exactCounts } from "./complete-run.ts";
import { endedCount, isFull, placeOf } from "./parts.ts";

/** A run to which no further record comes. */
interface Sealed {
  readonly runId: string;
  readonly plannedCount: number;
}

/**
 * Completes a run that is sealed when each of its records has had its end, or that has none: no ventilator is to see that it
 * is done. Others are told by the waker, which looks after such runs. Of a run that is not done its last part is read, and
 * the others only if that is full.
 * @throws Unreachable, StoredRowInvalid
 */
export async function completeAtSeal(
  { runId, plannedCount }: Sealed,
  runs: RunStore,
  nowMs: number,
): Promise<void> {
  if (plannedCount > 0) {
    const last = await runs.part(runId, placeOf(plannedCount - 1).part);
    if (last === undefined || !isFull(last, plannedCount)) return;
  }
  const counts = await exactCounts(runId, { runs });
  if (endedCount(counts) < plannedCount) return;
  await runs.complete(runId, { completedAtMs: nowMs, counts, isAnnounced: false });
}
