import type { Queue } from "../ports/queue.ts";
import type { Lane } from "../provider/lane.ts";
import type { Quotas } from "../steering/quotas/quotas.ts";
import { createTimeLimit, type TimeLimit } from "../timing/time-limit.ts";
import type { Batch } from "./batch.ts";
import type { BatchTimes } from "./batch-times.ts";
import { createReleasingClaims } from "./claim-releases.ts";
import type { VentilatorDeps } from "./deps.ts";
import { createEarlyNotes, type EarlyNotes } from "./early-notes.ts";
import { createJointNotes, type JointNotes } from "./joint-notes.ts";

/** The parts that a batch works with: none of their calls keeps it from its answer. */
export interface BatchParts {
  readonly deps: VentilatorDeps;
  readonly queue: Queue;
  readonly lane: Lane;
  readonly earlyNotes: EarlyNotes;
  readonly jointNotes: JointNotes;
  /** Ends the work with the parts, as soon as each claim without a start is released, or the time for it is up. */
  end(): Promise<void>;
}

/**
 * Makes the parts of a batch. A service that does not answer is unreachable when the time for it is up: the table and
 * the dead letters when writes end, and a little later those that take back permits and messages.
 */
export function partsOfBatch(
  { queue, isUrgent = false }: Pick<Batch, "queue" | "isUrgent">,
  times: BatchTimes,
  deps: VentilatorDeps,
): BatchParts {
  const writes = createTimeLimit(deps.clock, times.writeUntilMs);
  const answer = createTimeLimit(deps.clock, times.answerAtMs);
  const claims = createReleasingClaims(deps.fetches, times, deps);
  const ledger = answer.keepPort("the table", deps.ledger);

  async function end(): Promise<void> {
    await answer.keep("the table", claims.released()).catch(() => {});
    for (const limit of [claims, writes, answer]) limit.end();
  }

  return {
    deps: {
      ...deps,
      fetches: { ...writes.keepPort("the table", deps.fetches), claim: claims.claim },
      deadLetters: writes.keepPort("the dead-letter queue", deps.deadLetters),
      ledger,
      permits: answer.keepPort("the table", deps.permits),
      breaker: answer.keepPort("the breaker", deps.breaker),
      ...(deps.quotas !== undefined && { quotas: keptQuotas(deps.quotas, answer) }),
    },
    lane: isUrgent ? "express" : "records",
    earlyNotes: createEarlyNotes(times, { ...deps, ledger }),
    jointNotes: createJointNotes(times, { ...deps, ledger }),
    queue: answer.keepPort("the queue", queue),
    end,
  };
}

function keptQuotas(quotas: Quotas, answer: TimeLimit): Quotas {
  return {
    ...quotas,
    turnsOf: (lane, limit) => answer.keepPort("the table", quotas.turnsOf(lane, limit)),
  };
}
