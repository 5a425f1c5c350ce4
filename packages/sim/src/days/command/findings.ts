import type { DayReport } from "../day.ts";
import type { RuleName, Violation } from "../rules/rule.ts";
import type { Fault, Story } from "../story.ts";

/** The findings of many days. */
export interface Findings {
  /** Takes a day in. Returns the breaches of the rules that are judged. */
  add(story: Story, report: DayReport): readonly Violation[];
  summary(): FindingsSummary;
  /** The first day on which a rule broke, by rule. */
  firstBreaches(): ReadonlyMap<RuleName, Breached>;
}

/** A day with a breach. */
export interface Breached {
  readonly story: Story;
  readonly violation: Violation;
}

/** The findings of many days, as JSON. */
export interface FindingsSummary {
  /** Days that were simulated. */
  readonly days: number;
  readonly virtualHours: number;
  readonly records: number;
  readonly requests: number;
  /** Calls, batches and environments that faults have struck, by kind of fault. */
  readonly faults: Readonly<Partial<Record<Fault["kind"], number>>>;
  /** Seeds on which a rule broke, by rule, ascending. */
  readonly violations: Readonly<Partial<Record<RuleName, readonly number[]>>>;
}

const HOUR_MS = 3_600_000;

/** Starts without a day; rules that are not named are not judged. */
export function createFindings(only: readonly RuleName[]): Findings {
  const faults: Partial<Record<Fault["kind"], number>> = {};
  const seeds = new Map<RuleName, Set<number>>();
  const first = new Map<RuleName, Breached>();
  const sums = { days: 0, elapsedMs: 0, records: 0, requests: 0 };

  function add(story: Story, report: DayReport): readonly Violation[] {
    sums.days += 1;
    sums.elapsedMs += report.elapsedMs;
    sums.records += report.recordCount;
    sums.requests += report.requestCount;
    for (const [kind, count] of Object.entries(report.struck) as [Fault["kind"], number][]) {
      faults[kind] = (faults[kind] ?? 0) + count;
    }
    const judged = report.violations.filter(({ rule }) => only.length === 0 || only.includes(rule));
    for (const violation of judged) {
      const { rule } = violation;
      seeds.set(rule, (seeds.get(rule) ?? new Set()).add(story.seed));
      const known = first.get(rule);
      if (known === undefined || story.seed < known.story.seed) first.set(rule, { story, violation });
    }
    return judged;
  }

  return {
    add,
    summary: () => ({
      days: sums.days,
      virtualHours: Math.round((sums.elapsedMs / HOUR_MS) * 10) / 10,
      records: sums.records,
      requests: sums.requests,
      faults: { ...faults },
      violations: Object.fromEntries(
        [...seeds].map(([rule, broken]) => [rule, [...broken].sort((one, other) => one - other)]),
      ),
    }),
    firstBreaches: () => first,
  };
}
