import { calendarOf, isOpenAt } from "@sluice/core/steering";
import type { DatedEvent } from "../day-event.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** Rule 10: no request is in flight while the provider is closed; one whose worker stands still can't be ended. */
export function windowRule({ story }: RuleContext): Rule {
  const { windows, timeZone = "UTC" } = story.contract;
  const calendar = calendarOf(windows, timeZone);
  const standsStill = story.faults.some((fault) => fault.kind === "freeze" && fault.role === "worker");

  function see(event: DatedEvent) {
    if (windows === undefined) return undefined;
    if (event.kind === "started" && !isOpenAt(calendar, event.atMs)) {
      return { what: `${event.recordId} was started while the provider is closed`, recordId: event.recordId };
    }
    if (event.kind === "ended" && !standsStill && !isOpenAt(calendar, event.atMs - 1)) {
      return {
        what: `${event.recordId} was in flight while the provider is closed`,
        recordId: event.recordId,
      };
    }
    return undefined;
  }

  return { name: "window", see };
}
