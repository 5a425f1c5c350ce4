import { type BrokenRule, brokenRules } from "./broken-rules.ts";
import type { ContractFindings } from "./contract-findings.ts";
import { isProbe, isTrip } from "./decisions.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { findingsOf } from "./run-findings.ts";

/** The judgement of a run: its figures, and the rules that it broke. */
export interface Verdict extends ContractFindings {
  readonly fetched: number;
  readonly deadLettered: number;
  readonly attempts: number;
  /** Successful answers beyond the first for a record and day, where no crash explains them. */
  readonly duplicateFetches: number;
  /** Those that a crash between the provider's answer and the completing write explains. */
  readonly crashWindowFetches: number;
  /** Records in the dead-letter queue that the provider would have served in good weather. */
  readonly healthyDeadLettered: number;
  readonly trips: number;
  readonly probes: number;
  readonly decisions: number;
  /** Changes of event source mappings. */
  readonly valveUpdates: number;
  readonly broken: readonly BrokenRule[];
}

/** Judges a run by its evidence, rule by rule. */
export function judgeRun(runEvidence: RunEvidence): Verdict {
  const findings = findingsOf(runEvidence);
  const { decisions, whileClosedCount, quotaPeaks, holds, whileHeldCount } = findings;
  return {
    fetched: findings.fetchedIds.size,
    deadLettered: findings.deadLetterIds.size,
    attempts: findings.rows.reduce((sum, { attempts }) => sum + attempts, 0),
    duplicateFetches: findings.duplicateFetchCount,
    crashWindowFetches: findings.crashWindowFetchCount,
    healthyDeadLettered: findings.healthyDeadIds.length,
    trips: decisions.filter(isTrip).length,
    probes: decisions.filter(isProbe).length,
    decisions: decisions.length,
    valveUpdates: findings.acceptedUpdateCount,
    whileClosedCount,
    quotaPeaks,
    holds,
    whileHeldCount,
    broken: brokenRules(findings),
  };
}
