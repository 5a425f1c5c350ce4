import type { Lane } from "../provider/lane.ts";
import type { DeadLettersDeps } from "./dead-letters-deps.ts";

/** Finds the lane of a run. @throws Unreachable, StoredRowInvalid */
export type LaneFinder = (runId: string) => Promise<Lane>;

/**
 * Makes a finder that reads each run once. A letter does not tell the lane that it came from, its run does; where there is no
 * run any more it goes with the bulk.
 */
export function createLaneFinder({ runs }: Pick<DeadLettersDeps, "runs">): LaneFinder {
  const known = new Map<string, Promise<Lane>>();
  return (runId) => {
    const found = known.get(runId) ?? runs.read(runId).then((run) => run?.lane ?? "records");
    known.set(runId, found);
    return found;
  };
}
