import type { DatedEvent } from "../day-event.ts";
import type { Rule } from "./rule.ts";

/**
 * Rule 8, and that no evidence counts twice: the shards of an epoch never hold more answers than requests have ended
 * that began in it.
 */
export function lateNewsRule(): Rule {
  const startedAtMs = new Map<string, number>();
  let epoch = 0;
  let epochFromMs = Number.NEGATIVE_INFINITY;
  /** Requests that began in the epoch and have ended. */
  let endedCount = 0;

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "started":
        startedAtMs.set(event.attemptId, event.atMs);
        return undefined;
      case "ended":
        if (event.status !== "gone" && (startedAtMs.get(event.attemptId) ?? event.atMs) >= epochFromMs)
          endedCount += 1;
        startedAtMs.delete(event.attemptId);
        return undefined;
      case "control":
        if (event.control.epoch === epoch) return undefined;
        epoch = event.control.epoch;
        epochFromMs = event.atMs;
        endedCount = 0;
        return undefined;
      case "evidence":
        if (event.epoch !== epoch || event.answeredCount <= endedCount) return undefined;
        return { what: `epoch ${epoch} counts ${event.answeredCount} answers, ${endedCount} can be its own` };
      default:
        return undefined;
    }
  }

  return { name: "late-news", see };
}
