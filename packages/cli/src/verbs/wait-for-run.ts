import { SluiceError } from "@sluice/core/errors";
import { type RunStatus, readRunStatus } from "@sluice/core/runs";
import type { Connection } from "../connect/connection.ts";
import { createProgress } from "../output/progress.ts";
import { styleFor } from "../output/style.ts";
import type { Surroundings } from "../surroundings.ts";
import { progressText } from "./run-text.ts";

/** Time between two looks at a run: short at first, for one of a few records. */
const LOOK_FIRST_MS = 500;
const LOOK_MAX_MS = 5_000;

/**
 * Waits until each record of a run has had its end, and shows how far it is.
 * @param untilMs the instant at which waiting ends
 * @returns the run as it is then, completed or not
 * @throws SluiceError `run-unknown`, Unreachable
 */
export async function waitForRun(
  runId: string,
  untilMs: number,
  { runs, history }: Pick<Connection, "runs" | "history">,
  around: Surroundings,
): Promise<RunStatus> {
  const { clock, interrupt, stderr } = around;
  const progress = createProgress(around);
  try {
    for (let everyMs = LOOK_FIRST_MS; ; everyMs = Math.min(LOOK_MAX_MS, everyMs * 1.5)) {
      const status = await runOrThrow(runId, { runs, history, clock });
      const isOver = status.state === "completed" || interrupt.aborted || clock.nowMs() >= untilMs;
      if (isOver) return status;
      progress.show(progressText(status, styleFor(stderr, around)));
      await clock.sleep(Math.min(everyMs, untilMs - clock.nowMs()), interrupt);
    }
  } finally {
    progress.end();
  }
}

/** Reads a run that has to be there. @throws SluiceError `run-unknown`, Unreachable */
export async function runOrThrow(
  runId: string,
  deps: Parameters<typeof readRunStatus>[1],
): Promise<RunStatus> {
  const status = await readRunStatus(runId, deps);
  if (status !== undefined) return status;
  throw new SluiceError(
    "run-unknown",
    `There is no run ${runId}: it was never enqueued, or more than 30 days ago`,
  );
}
