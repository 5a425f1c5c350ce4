import type { DatedEvent } from "./day-event.ts";
import type { DayEnd, RuleContext, Violation } from "./rules/rule.ts";
import { rulesFor } from "./rules/rules-for.ts";

/** Judges a day by the rules while it goes on. */
export interface Judge {
  see(event: DatedEvent): void;
  atEnd(end: DayEnd): void;
  readonly violations: readonly Violation[];
}

/** Breaches of one rule that are kept: more say nothing new. */
const KEPT_PER_RULE = 5;

/** Makes a judge; `onViolation` is told of each breach that is kept. */
export function createJudge(context: RuleContext, onViolation: (violation: Violation) => void): Judge {
  const rules = rulesFor(context);
  const violations: Violation[] = [];
  const counts = new Map<string, number>();

  function keep(violation: Violation): void {
    const count = (counts.get(violation.rule) ?? 0) + 1;
    counts.set(violation.rule, count);
    if (count > KEPT_PER_RULE) return;
    violations.push(violation);
    onViolation(violation);
  }

  return {
    see(event) {
      for (const rule of rules) {
        const breach = rule.see(event);
        if (breach !== undefined) keep({ ...breach, rule: rule.name, atMs: event.atMs });
      }
    },
    atEnd(end) {
      for (const rule of rules) {
        for (const breach of rule.atEnd?.(end) ?? []) keep({ ...breach, rule: rule.name, atMs: end.atMs });
      }
    },
    violations,
  };
}
