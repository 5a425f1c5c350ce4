import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { THREAD_LIMITS } from "../../threads/open-thread.ts";
import type { LanesRun } from "./lanes-run.ts";
import type { LanesFigures } from "./run-lanes.ts";

/** Runs a case in a thread of its own, whose modules may have a mutant in them; undefined if it is aborted. */
export async function runLanesApart(
  workerData: LanesRun,
  signal?: AbortSignal,
): Promise<LanesFigures | undefined> {
  const thread = new Worker(new URL("./thread.ts", import.meta.url), {
    workerData,
    resourceLimits: THREAD_LIMITS,
  });
  try {
    const [figures] = await once(thread, "message", { signal });
    return figures as LanesFigures;
  } catch (thrown) {
    if (signal?.aborted !== true) throw thrown;
    return undefined;
  } finally {
    await thread.terminate();
  }
}
