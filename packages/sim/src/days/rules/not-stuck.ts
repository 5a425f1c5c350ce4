import type { Control } from "@sluice/core/law";
import { parseProvider, providerDay } from "@sluice/core/provider";
import type { DatedEvent } from "../day-event.ts";
import type { Rule, RuleContext } from "./rule.ts";

/**
 * Rule 5: five minutes after the last fault, with a healthy provider, the breaker is closed, and what is left is drained
 * nearly as fast as the provider allows. Where no queued record needs a call there is nothing to probe with, and half-open is
 * as good: what was fetched on this provider day may not be fetched again.
 */
export function notStuckRule({ story }: RuleContext): Rule {
  const { timeZone } = parseProvider(story.contract, "of the story");
  let control: Control | undefined;
  const claimedFor = new Map<string, string>();
  const fetchedOn = new Map<string, string | undefined>();

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "control":
        control = event.control;
        return undefined;
      case "claimed":
        claimedFor.set(event.attemptId, event.day);
        return undefined;
      case "completed":
        if (event.status === "fetched") fetchedOn.set(event.recordId, claimedFor.get(event.attemptId));
        return undefined;
      case "recovered":
        return recovered(event);
      case "overdue": {
        const [first] = event.left;
        if (first === undefined) return undefined;
        const state = control === undefined ? "closed" : `${control.phase} at limit ${control.limit}`;
        return {
          what: `${event.left.length} healthy records are not done although they had the time; the breaker is ${state}`,
          recordId: first,
        };
      }
      default:
        return undefined;
    }
  }

  function recovered({ queued, atMs }: Extract<DatedEvent, { readonly kind: "recovered" }>) {
    if (control === undefined || control.phase === "closed") return undefined;
    const today = providerDay(timeZone, atMs);
    const toCallCount = queued.filter((recordId) => fetchedOn.get(recordId) !== today).length;
    if (toCallCount === 0) return undefined;
    return {
      what: `the breaker is ${control.phase} five minutes after the last fault, with ${toCallCount} records to call for`,
    };
  }

  return { name: "not-stuck", see };
}
