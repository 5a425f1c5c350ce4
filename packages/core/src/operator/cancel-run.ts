import { type RunStatus, type RunStatusDeps, readRunStatus } from "../runs/run-status.ts";
import { type Refused, refused } from "./answer.ts";
import { audit } from "./audit.ts";
import { type Author, refusalOfAuthor } from "./author.ts";
import type { OrderRequest } from "./give-order.ts";
import type { SteeringDeps } from "./steering-deps.ts";

/** A run that an operator wants to end before its time. */
export interface CancelRequest extends Author, OrderRequest {
  readonly runId: string;
}

/** The answer to an operator who cancels a run: its state afterwards, or as it is for a dry run. */
export type CancelAnswer = { readonly kind: "cancelled"; readonly status: RunStatus } | Refused;

/**
 * Ends a run before its time: within five seconds no record of it starts any more, each is *cancelled* at its turn. What has
 * started ends as usual, and a record that another run wants too is fetched for that one.
 * @throws Unreachable, StoredRowInvalid
 */
export async function cancelRun(
  request: CancelRequest,
  deps: Pick<SteeringDeps, "events" | "clock" | "ids" | "log"> & RunStatusDeps,
): Promise<CancelAnswer> {
  const { runId, isDryRun = false } = request;
  const { runs, clock } = deps;
  const refusal = refusalOfAuthor(request);
  if (refusal !== undefined) return refusal;
  const status = await readRunStatus(runId, deps);
  if (status === undefined) {
    return refused(
      "nothing-to-end",
      `There is no run ${runId}: it was never enqueued, or more than 30 days ago`,
    );
  }
  if (status.state === "completed" || status.state === "cancelled") {
    return refused("nothing-to-end", `The run ${runId} is ${status.state} already`);
  }
  if (isDryRun) return { kind: "cancelled", status };
  await audit(`cancelled run ${runId}`, request, { runId, open: status.open }, deps);
  await runs.cancel(runId, clock.nowMs());
  return { kind: "cancelled", status: (await readRunStatus(runId, deps)) ?? status };
}
