import type { TraceEvent } from "./trace.ts";
import { numberOf } from "./words.ts";

/** The events of a run by their kinds, such as `18 decisions, 5 valve updates`. */
export function eventCountsText(events: readonly TraceEvent[]): string {
  const countOf = (kind: TraceEvent["kind"]) => events.filter((event) => event.kind === kind).length;
  const [decisionCount, valveCount] = [countOf("decision"), countOf("valve")];
  const otherCount = events.length - decisionCount - valveCount;
  return [
    numberOf(decisionCount, "decision"),
    ...(valveCount === 0 ? [] : [numberOf(valveCount, "valve update")]),
    ...(otherCount === 0 ? [] : [numberOf(otherCount, "other event")]),
  ].join(", ");
}

/** The number of decisions by which the closed breaker opened. */
export function tripCountOf(events: readonly TraceEvent[]): number {
  return events.filter(
    ({ decision }) => decision?.before.phase === "closed" && decision.after.phase === "open",
  ).length;
}
