import { SluiceError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import { backOffMs } from "../timing/back-off.ts";
import { type RunStatus, type RunStatusDeps, readRunStatus } from "./run-status.ts";

/** Time between two looks: short at first, for a run of a few records. */
const LOOKS = { firstMs: 500, maxMs: 10_000 };

/**
 * Waits until a run is completed, and answers with its state. Each look is a read of one row.
 * @throws the signal's reason as soon as it aborts
 * @throws SluiceError `run-unknown` if there is no such run; Unreachable, StoredRowInvalid
 */
export async function waitForRun(
  runId: string,
  signal: AbortSignal | undefined,
  deps: RunStatusDeps & { readonly clock: Clock; readonly random: Random },
): Promise<RunStatus> {
  const { runs, clock, random } = deps;
  for (let looks = 1; ; looks += 1) {
    signal?.throwIfAborted();
    const run = await runs.read(runId);
    if (run === undefined) throw unknown(runId);
    if (run.completion !== undefined) return (await readRunStatus(runId, deps)) ?? raise(unknown(runId));
    await clock.sleep(backOffMs(LOOKS, looks, random), signal);
  }
}

function unknown(runId: string): SluiceError {
  return new SluiceError(
    "run-unknown",
    `There is no run ${runId}: it was never enqueued, or more than 30 days ago`,
  );
}

function raise(error: Error): never {
  throw error;
}
