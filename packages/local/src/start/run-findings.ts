import type { Decision } from "@sluice/core/law";
import type { Fetch } from "@sluice/core/ports";
import { cutOffCount } from "@sluice/core/storage";
import { type ContractFindings, contractFindingsOf } from "./contract-findings.ts";
import { decisionsIn } from "./decisions.ts";
import type { RunEvidence } from "./run-evidence.ts";

/** The evidence of a run, and the facts that follow from it. */
export interface RunFindings extends RunEvidence, ContractFindings {
  readonly fetchedIds: ReadonlySet<string>;
  readonly deadIds: ReadonlySet<string>;
  /** Successful answers beyond the first for a record and day, where no crash explains them. */
  readonly duplicateFetchCount: number;
  /** Those that a crash between the provider's answer and the completing write explains. */
  readonly crashWindowFetchCount: number;
  /** Records in the dead-letter queue that the provider would have served in good weather. */
  readonly healthyDeadIds: readonly string[];
  /** The breaker's decisions, in the order of their epochs. */
  readonly decisions: readonly Decision[];
}

/** Works out the facts that rules and figures of a run rest on. */
export function findingsOf(runEvidence: RunEvidence): RunFindings {
  const { rows, deadLetterIds, events } = runEvidence;
  return {
    ...runEvidence,
    ...countFetchedAgain(runEvidence),
    ...contractFindingsOf(runEvidence),
    fetchedIds: idsWith(rows, "fetched"),
    deadIds: idsWith(rows, "dead"),
    healthyDeadIds: [...deadLetterIds].filter((id) => !runEvidence.isHopeless(id)),
    decisions: decisionsIn(events),
  };
}

/** A record fetched n times is a duplicate n − 1 times, less the attempts whose end a crash swallowed. */
function countFetchedAgain({
  rows,
  provider,
}: RunEvidence): Pick<RunFindings, "duplicateFetchCount" | "crashWindowFetchCount"> {
  const cutOffs = new Map(rows.map((row) => [JSON.stringify([row.day, row.recordId]), cutOffCount(row)]));
  let duplicateFetchCount = 0;
  let crashWindowFetchCount = 0;
  for (const { day, recordId, count } of provider.servedAgain) {
    const explainedCount = Math.min(count - 1, cutOffs.get(JSON.stringify([day, recordId])) ?? 0);
    crashWindowFetchCount += explainedCount;
    duplicateFetchCount += count - 1 - explainedCount;
  }
  return { duplicateFetchCount, crashWindowFetchCount };
}

function idsWith(rows: readonly Fetch[], status: Fetch["status"]): ReadonlySet<string> {
  return new Set(rows.filter((row) => row.status === status).map(({ recordId }) => recordId));
}
