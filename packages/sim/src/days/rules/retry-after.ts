import type { DatedEvent } from "../day-event.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** Time for the news to reach every environment: a gate is read anew every two seconds, and clocks differ by two. */
const GRACE_MS = 6_000;
/** The longest wait that is granted. */
export const WAIT_MAX_MS: number = 60 * 60_000;

/** A provider that asked for a wait is left alone until it is over, as long as the table can spread the news. */
export function retryAfterRule({ story, startMs }: RuleContext): Rule {
  let fromMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.NEGATIVE_INFINITY;

  function see(event: DatedEvent) {
    if (event.kind === "ended" && event.retryAfterMs !== undefined && isTableWell(event.atMs)) {
      const endMs = event.atMs + Math.min(WAIT_MAX_MS, event.retryAfterMs);
      if (event.atMs > untilMs) fromMs = event.atMs + GRACE_MS;
      untilMs = Math.max(untilMs, endMs - story.skewMs - 1_000);
    }
    if (event.kind !== "started" || event.atMs < fromMs || event.atMs >= untilMs) return undefined;
    const leftSeconds = Math.round((untilMs - event.atMs) / 1_000);
    return {
      what: `${event.recordId} was started ${leftSeconds} s before the provider wanted to be called`,
      recordId: event.recordId,
    };
  }

  /** Only an environment that lives, and has a table, can tell the others. */
  function isTableWell(atMs: number): boolean {
    const minute = (atMs - startMs) / 60_000;
    return !story.faults.some(
      (fault) => fault.fromMinute <= minute + 0.5 && minute <= fault.untilMinute && mayHideNews(fault),
    );
  }

  return { name: "retry-after", see };
}

function mayHideNews(fault: RuleContext["story"]["faults"][number]): boolean {
  return (
    "service" in fault ||
    fault.kind === "crash" ||
    fault.kind === "freeze" ||
    fault.kind === "foreign-answer" ||
    fault.kind === "state-deleted"
  );
}
