import type { DatedEvent } from "../day-event.ts";
import type { DayEnd, Rule } from "./rule.ts";

/**
 * Rule 3: an accepted record is fetched, dead-lettered with its cause, or still queued; no message is deleted before
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

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "accepted":
        for (const recordId of event.recordIds) accepted.add(recordId);
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
        return { what: `a message of ${recordId} was deleted (${by}), neither fetched nor dead`, recordId };
      }
      default:
        return undefined;
    }
  }

  function atEnd({ queued, lettered: letters }: DayEnd) {
    return [...accepted]
      .filter((recordId) => !served.has(recordId) && !letters.has(recordId) && !queued.has(recordId))
      .map((recordId) => ({ what: `${recordId} was accepted and is nowhere`, recordId }));
  }

  return { name: "nothing-lost", see, atEnd };
}
