import { messageOf } from "../errors.ts";
import type { Run } from "../ports/run-store.ts";
import { runLate } from "./announcements.ts";
import { completeIfDone, type LedgerParts } from "./complete-run.ts";
import { readRunStatus } from "./run-status.ts";

/** A run that is open for longer than its messages can be queued is let go: whoever enqueued it has never come back. */
const LOOKED_AFTER_MS = 15 * 24 * 60 * 60_000;

/**
 * Completes watched runs that are done though no ventilator has seen it, and tells of those that will miss their
 * deadline. Never throws: what fails is done in the next round.
 */
export async function lookAfterRuns(deps: LedgerParts): Promise<void> {
  const { runs, log } = deps;
  try {
    for (const runId of await runs.watched()) await lookAfter(runId, deps);
  } catch (thrown) {
    log.warn("runs could not be looked after, the next round does", { cause: messageOf(thrown) });
  }
}

async function lookAfter(runId: string, deps: LedgerParts): Promise<void> {
  const { runs, book, clock } = deps;
  if (await completeIfDone(runId, deps)) return runs.unwatch(runId);
  const run = await book.read(runId);
  // It is watched from just after it was opened: one that is gone has expired.
  if (run === undefined || run.createdAtMs < clock.nowMs() - LOOKED_AFTER_MS) return runs.unwatch(runId);
  await tellIfLate(run, deps);
}

async function tellIfLate(run: Run, deps: LedgerParts): Promise<void> {
  const { provider, runs, announcer, clock } = deps;
  const { runId, deadlineMs, lateToldAtMs } = run;
  if (deadlineMs === undefined || lateToldAtMs !== undefined) return;
  const nowMs = clock.nowMs();
  const { endsAtMs, endUnsureMs = 0 } = (await readRunStatus(runId, deps)) ?? {};
  if (Math.max(nowMs, (endsAtMs ?? 0) - endUnsureMs) <= deadlineMs) return;
  await announcer.announce([runLate(provider, run, endsAtMs, nowMs)]);
  await runs.markLate(runId, nowMs);
}
