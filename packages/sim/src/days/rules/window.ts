import { parseProvider } from "@sluice/core/provider";
import { calendarOf, isOpenAt } from "@sluice/core/steering";
import type { DatedEvent } from "../day-event.ts";
import { hinderedSpans } from "./hindered.ts";
import type { Rule, RuleContext } from "./rule.ts";

/**
 * Rule 10: no request is in flight while the provider is closed; one whose worker stands still can't be ended. None is
 * started so late that a call of the longest kind would be in flight then, unless faults delay it on its way.
 */
export function windowRule({ story, startMs }: RuleContext): Rule {
  const { windows, timeZone = "UTC" } = story.contract;
  const calendar = calendarOf(windows, timeZone);
  const standsStill = story.faults.some((fault) => fault.kind === "freeze" && fault.role === "worker");
  const hindered = hinderedSpans(story.faults, startMs);
  let longestMs = parseProvider(story.contract, "of the story").worker.timeoutMs;

  function see(event: DatedEvent) {
    if (windows === undefined) return undefined;
    switch (event.kind) {
      case "deployed":
        // Versions run side by side for a while.
        longestMs = Math.min(longestMs, event.provider.worker.timeoutMs);
        return undefined;
      case "started":
        return judgeStart(event);
      case "ended":
        if (standsStill || isOpenAt(calendar, event.atMs - 1)) return undefined;
        return breachOf(event.recordId, "in flight while the provider is closed");
      default:
        return undefined;
    }
  }

  function judgeStart({ atMs, recordId }: Extract<DatedEvent, { kind: "started" }>) {
    const { isOpen, untilMs } = calendar.stretchAt(atMs);
    if (!isOpen) return breachOf(recordId, "started while the provider is closed");
    const isDelayed = hindered.some((span) => span.fromMs <= atMs && atMs <= span.untilMs);
    if (isDelayed || atMs <= untilMs - longestMs) return undefined;
    const leftMs = Math.round(untilMs - atMs);
    return breachOf(recordId, `started ${leftMs} ms before a closing, and may take ${longestMs} ms`);
  }

  return { name: "window", see };
}

const breachOf = (recordId: string, what: string) => ({ what: `${recordId} was ${what}`, recordId });
