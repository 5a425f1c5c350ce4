import { parseProvider } from "@sluice/core/provider";
import { calendarOf } from "@sluice/core/steering";
import type { DatedEvent } from "../day-event.ts";
import { createContractsInForce } from "./contracts-in-force.ts";
import { hinderedSpans } from "./hindered.ts";
import type { Rule, RuleContext } from "./rule.ts";

/**
 * Rule 10: no request is in flight while the provider is closed; one whose worker stands still can't be ended. None is
 * started so late that a call of the longest kind would be in flight then, unless faults delay it on its way. After a
 * deploy that changes the windows it is closed when it is so by each contract in force.
 */
export function windowRule({ story, startMs }: RuleContext): Rule {
  const contracts = createContractsInForce(
    calendarOf(story.contract.windows, story.contract.timeZone ?? "UTC"),
  );
  const standsStill = story.faults.some((fault) => fault.kind === "freeze" && fault.role === "worker");
  const hindered = hinderedSpans(story.faults, startMs);
  let longestMs = parseProvider(story.contract, "of the story").worker.timeoutMs;

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "deployed":
        contracts.deploy(calendarOf(event.provider.windows, event.provider.timeZone), event.atMs);
        // Versions run side by side for a while.
        longestMs = Math.min(longestMs, event.provider.worker.timeoutMs);
        return undefined;
      case "started":
        return judgeStart(event);
      case "ended":
        if (standsStill || openOf(event.atMs - 1) !== undefined) return undefined;
        return breachOf(event.recordId, "in flight while the provider is closed");
      default:
        return undefined;
    }
  }

  function judgeStart({ atMs, recordId }: Extract<DatedEvent, { kind: "started" }>) {
    const untilMs = openOf(atMs);
    if (untilMs === undefined) return breachOf(recordId, "started while the provider is closed");
    const isDelayed = hindered.some((span) => span.fromMs <= atMs && atMs <= span.untilMs);
    if (isDelayed || atMs <= untilMs - longestMs) return undefined;
    const leftMs = Math.round(untilMs - atMs);
    return breachOf(recordId, `started ${leftMs} ms before a closing, and may take ${longestMs} ms`);
  }

  /** The closing before which the provider is open; undefined if it is not. */
  function openOf(atMs: number): number | undefined {
    const stretches = contracts.at(atMs).map((calendar) => calendar.stretchAt(atMs));
    const open = stretches.filter(({ isOpen }) => isOpen);
    return open.length === 0 ? undefined : Math.max(...open.map(({ untilMs }) => untilMs));
  }

  return { name: "window", see };
}

const breachOf = (recordId: string, what: string) => ({ what: `${recordId} was ${what}`, recordId });
