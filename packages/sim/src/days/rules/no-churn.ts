import type { DatedEvent } from "../day-event.ts";
import type { DayEnd, Rule, RuleContext } from "./rule.ts";

/** Receives a message on a day without trouble. */
const CALM_RECEIVES = 1.3;
/** Receives that are no churn on the smallest of days. */
const CALM_SPARE = 5;
/** Time after a trip for which the valve may stay open, and then takes to shut. */
const SHUTTING_MS = 3 * 60_000;
/** Receives a minute behind a shut valve: those of probes, which look at several records. */
const PROBE_RECEIVES_PER_MINUTE = 15;

/**
 * Rule 13: what may not flow costs next to nothing. Without trouble a message takes few receives, and one more if another
 * one asks for its record; behind a shut valve one in ten minutes.
 */
export function noChurnRule({ story }: RuleContext): Rule {
  const { weather, faults, nature } = story;
  const isCalm = weather.length + faults.length === 0 && nature.poisonRatio + nature.rejectedRatio === 0;
  // A forced breaker flows although it is open.
  const mayTurnValve = !faults.some(
    (fault) => ("service" in fault && fault.service !== "lambda") || VALVE_FAULTS.has(fault.kind),
  );
  const accepted = new Set<string>();
  /** Messages of records that another message asks for as well: it may come while that one is under way. */
  let twinCount = 0;
  let receiveCount = 0;
  let deletedCount = 0;
  let openSinceMs: number | undefined;
  let receivesWhileShut = 0;
  const shutRecords = new Set<string>();

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "accepted":
        for (const recordId of event.recordIds) {
          if (accepted.has(recordId)) twinCount += 1;
          accepted.add(recordId);
        }
        return undefined;
      case "received":
        receiveCount += 1;
        if (openSinceMs !== undefined && event.atMs > openSinceMs + SHUTTING_MS) {
          receivesWhileShut += 1;
          shutRecords.add(event.recordId);
        }
        return undefined;
      case "deleted":
        deletedCount += 1;
        return undefined;
      case "control":
        if (event.control.phase !== "closed") {
          openSinceMs ??= event.atMs;
          return undefined;
        }
        return judgeShut(event.atMs);
      default:
        return undefined;
    }
  }

  function judgeShut(atMs: number) {
    const sinceMs = openSinceMs ?? atMs;
    const minutes = Math.max(0, atMs - sinceMs - SHUTTING_MS) / 60_000;
    const allowed = PROBE_RECEIVES_PER_MINUTE * (1 + minutes) + shutRecords.size * (1 + minutes / 10);
    const count = receivesWhileShut;
    openSinceMs = undefined;
    receivesWhileShut = 0;
    shutRecords.clear();
    if (!mayTurnValve || count <= allowed) return undefined;
    return {
      what: `${count} receives in ${Math.round(minutes)} min behind a shut valve, ${Math.round(allowed)} are allowed`,
    };
  }

  function atEnd({ atMs, queued }: DayEnd) {
    const shut = openSinceMs === undefined ? undefined : judgeShut(atMs);
    const allowed = CALM_SPARE + CALM_RECEIVES * (deletedCount + queued.size) + twinCount;
    const calm =
      isCalm && receiveCount > allowed
        ? { what: `${receiveCount} receives for ${deletedCount} messages on a day without trouble` }
        : undefined;
    return [shut, calm].filter((breach) => breach !== undefined);
  }

  return { name: "no-churn", see, atEnd };
}

const VALVE_FAULTS: ReadonlySet<string> = new Set([
  "slow-valve",
  "early-state",
  "mapping-edited",
  "mapping-renewed",
  "no-waker",
  "state-deleted",
  "crash",
  "freeze",
  "duplicates",
  "force",
]);
