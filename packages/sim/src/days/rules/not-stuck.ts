import type { Control } from "@sluice/core/law";
import type { DatedEvent } from "../day-event.ts";
import type { Rule } from "./rule.ts";

/**
 * Rule 5: five minutes after the last fault, with a healthy provider, the breaker is closed, and what is left is drained
 * nearly as fast as the provider allows. With nothing queued there is nothing to probe with: half-open is as good then.
 */
export function notStuckRule(): Rule {
  let control: Control | undefined;

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "control":
        control = event.control;
        return undefined;
      case "recovered":
        if (control === undefined || control.phase === "closed" || event.queuedCount === 0) return undefined;
        return {
          what: `the breaker is ${control.phase} five minutes after the last fault, with ${event.queuedCount} messages queued`,
        };
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

  return { name: "not-stuck", see };
}
