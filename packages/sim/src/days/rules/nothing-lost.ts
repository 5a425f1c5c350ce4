import type { DatedEvent } from "../day-event.ts";
import type { DayEnd, Rule } from "./rule.ts";

/**
 * Rule 3: an accepted record is fetched, dead-lettered with its cause, expired or cancelled as its caller wanted, or still
 * queued; no message is deleted before
 * its record is one of the first two, unless the same one is queued again.
 */
export function nothingLostRule(): Rule {
  const accepted = new Set<string>();
  const served = new Set<string>();
  const lettered = new Set<string>();
  /**
   * Records whose letter was put back into the queue. Another run's message of such a record may go, because its row says
   * dead until the letter comes: the end shows whether anything is lost.
   */
  const redriven = new Set<string>();
  /** Records of runs, by name and number, that expired or were cancelled; rule 11 judges whether that is so. */
  const unwanted = new Set<string>();
  const runsOf = new Map<string, string[]>();

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "accepted":
        for (const [number, recordId] of event.recordIds.entries()) {
          accepted.add(recordId);
          runsOf.set(recordId, [...(runsOf.get(recordId) ?? []), nameOf({ run: event.run, number })]);
        }
        return undefined;
      case "noted":
        if (event.end === "expired" || event.end === "cancelled") unwanted.add(nameOf(event));
        return undefined;
      case "ended":
        if (event.status === 200) served.add(event.recordId);
        return undefined;
      case "letter":
        lettered.add(event.recordId);
        if (event.cause === undefined)
          return {
            what: `SQS moved ${event.recordId} to the dead letters, without a cause`,
            recordId: event.recordId,
          };
        return undefined;
      case "redriven":
        lettered.delete(event.recordId);
        redriven.add(event.recordId);
        return undefined;
      case "deleted": {
        const { recordId, by, hasCopy } = event;
        if (hasCopy) return undefined;
        if (served.has(recordId) || lettered.has(recordId) || redriven.has(recordId)) return undefined;
        if (unwanted.has(nameOf(event))) return undefined;
        return { what: `a message of ${recordId} was deleted (${by}), neither fetched nor dead`, recordId };
      }
      default:
        return undefined;
    }
  }

  function atEnd({ queued, lettered: letters }: DayEnd) {
    return [...accepted]
      .filter((recordId) => !served.has(recordId) && !letters.has(recordId) && !queued.has(recordId))
      .filter((recordId) => !runsOf.get(recordId)?.some((name) => unwanted.has(name)))
      .map((recordId) => ({ what: `${recordId} was accepted and is nowhere`, recordId }));
  }

  return { name: "nothing-lost", see, atEnd };
}

function nameOf({ run, number }: { readonly run?: string; readonly number?: number }): string {
  return `${number} ${run}`;
}
