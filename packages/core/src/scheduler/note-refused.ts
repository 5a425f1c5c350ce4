import type { RunStore } from "../ports/run-store.ts";
import { placeOf } from "../runs/parts.ts";
import type { RefusedEntry } from "./send-batch.ts";

/**
 * Notes records of a run that the queue refuses for good: nobody else will, and the run could not end without them.
 * @throws Unreachable
 */
export async function noteRefused(
  runId: string,
  refused: readonly RefusedEntry[],
  nowMs: number,
  runs: RunStore,
): Promise<void> {
  if (refused.length === 0) return;
  // They may be the last ones.
  await runs.watch(runId);
  const lost = refused.map(({ number, recordId, reason }) => {
    return { number, end: "dead", recordId, cause: `the queue refuses it: ${reason}`, atMs: nowMs } as const;
  });
  await runs.keepLost(runId, lost);
  for (const { number } of refused) {
    const { part, place } = placeOf(number);
    await runs.mark(runId, part, { dead: [place] }, nowMs);
  }
}
