import { evidenceOf, type Vote } from "../law/evidence.ts";
import type { Lease } from "../ports/permit-items.ts";
import type { Outcome } from "../worker/outcome.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type KnownAnswers, NO_ANSWERS } from "./known-answers.ts";
import { createTally, type Tally } from "./tally.ts";
import { createUnstartedCounter, type Unstarted } from "./unstarted.ts";

/** The outcomes of a batch, as they come in. */
export interface BatchOutcomes {
  /** Adds the outcome of a request that started in an epoch, under a lease. */
  add(outcome: Outcome, vote: Vote, epoch: number, lease: Lease): void;
  /** The evidence, with the part that has not been reported yet. */
  readonly tally: Tally;
  /** Latencies of the calls that the provider answered as asked. */
  readonly latenciesMs: readonly number[];
  /** Leases whose worker may be running still. */
  readonly withheld: ReadonlySet<Lease>;
  /** Attempts whose worker could not begin. */
  unstarted(): Unstarted;
  /** The provider's answers to this batch. */
  known(): KnownAnswers;
}

/** Starts without an outcome, in an epoch. */
export function createBatchOutcomes(
  epoch: number,
  { provider, clock }: Pick<VentilatorDeps, "provider" | "clock">,
): BatchOutcomes {
  const tally = createTally(epoch);
  const unstarted = createUnstartedCounter();
  const latenciesMs: number[] = [];
  const withheld = new Set<Lease>();
  let known = NO_ANSWERS;
  return {
    add(outcome, vote, startedIn, lease) {
      tally.add(startedIn, evidenceOf(outcome, vote, provider.timeoutMs));
      unstarted.add(outcome);
      if (outcome.kind === "ok" || outcome.kind === "slow") {
        known = { ...NO_ANSWERS, lastOkAtMs: clock.nowMs() };
        latenciesMs.push(outcome.latencyMs);
      }
      if (outcome.kind === "rejected" && vote !== "record") {
        known = { ...known, rejectedSinceOkCount: known.rejectedSinceOkCount + 1 };
      }
      if (outcome.kind === "unavailable" && outcome.fate === "lost") withheld.add(lease);
    },
    tally,
    latenciesMs,
    withheld,
    unstarted: unstarted.total,
    known: () => known,
  };
}
