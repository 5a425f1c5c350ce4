import { Unreachable } from "../errors.ts";
import type { ControlState } from "../law/control.ts";
import type { BreakerDeps } from "./breaker-deps.ts";
import { decideOn, readView } from "./decide.ts";
import type { Occasion } from "./occasion.ts";

/** Tries of one commit: other processes may decide meanwhile. */
const COMMIT_TRIES = 5;

/**
 * Begins an epoch, with phase and limit as the law wants them on all evidence up to then.
 * @returns the control of the epoch
 * @throws Unreachable if the table can't be had now, or other processes decide all the time; StoredRowInvalid
 */
export async function beginEpoch(deps: BreakerDeps, occasion: Occasion): Promise<ControlState> {
  let view = await readView(deps);
  for (let tries = 0; tries < COMMIT_TRIES; tries += 1) {
    const status = await decideOn(deps, view, 0, occasion);
    if (status !== "again") return status.control;
    view = await readView(deps, undefined, view);
  }
  throw new Unreachable("breaker", "other processes decide at the same time");
}
