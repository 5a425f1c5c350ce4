import type { TimedOrders } from "@sluice/core/operator";
import { parseProvider } from "@sluice/core/provider";
import { calendarOf } from "@sluice/core/steering";
import type { DatedEvent } from "../day-event.ts";
import type { Breach, DayEnd, Rule, RuleContext } from "./rule.ts";
import { createShutValve, type ShutSpan } from "./shut-valve.ts";
import { createUsedUpDays } from "./used-up-days.ts";

/** Receives a message on a day without trouble. */
const CALM_RECEIVES = 1.3;
/** Receives that are no churn on the smallest of days, or behind a valve that is just shut. */
const CALM_SPARE = 5;
/** Time after a trip for which the valve may stay open, and then takes to shut. */
const SHUTTING_MS = 3 * 60_000;
/** The same after the beginning of a hold or a closing, which no ventilator carries out: the waker's next round does. */
const PLANNED_SHUTTING_MS = 4 * 60_000;
/** A valve is opened so long before the planned end of a hold or a closing, by clocks that differ. */
const PLANNED_OPENING_MS = 125_000 + 2_000;
/** A batch that begins so long before the last start may be stopped by it. */
const BATCH_MS = 15_000;
/** Receives a minute behind a shut valve: those of probes, which look at several records. */
const PROBE_RECEIVES_PER_MINUTE = 15;

/**
 * Rule 13: what may not flow costs next to nothing. Without trouble a message takes few receives, and one more if another
 * one asks for its record, or if it meets a closed provider; behind a shut valve, whoever has it shut, one in ten minutes.
 */
export function noChurnRule({ story }: RuleContext): Rule {
  const { weather, faults, nature } = story;
  const isCalm = weather.length + faults.length === 0 && nature.poisonRatio + nature.rejectedRatio === 0;
  const mayTurnValve = !faults.some(
    (fault) => ("service" in fault && fault.service !== "lambda") || VALVE_FAULTS.has(fault.kind),
  );
  // A forced breaker flows although it is open.
  const isForced = faults.some(({ kind }) => kind === "force");
  const valves = shutValves(story);
  const met = createMetClosings(story.contract);
  const accepted = new Set<string>();
  /** Messages of records that another message asks for as well: it may come while that one is under way. */
  let twinCount = 0;
  let receiveCount = 0;
  let deletedCount = 0;

  function see(event: DatedEvent): Breach | undefined {
    switch (event.kind) {
      case "accepted":
        for (const recordId of event.recordIds) {
          if (accepted.has(recordId)) twinCount += 1;
          accepted.add(recordId);
        }
        return undefined;
      case "received":
        receiveCount += 1;
        met.received(event.recordId, event.atMs);
        return mayTurnValve ? valves.received(event) : undefined;
      case "started":
        return mayTurnValve ? valves.started(event.atMs) : undefined;
      case "deleted":
        deletedCount += 1;
        return undefined;
      case "control":
        if (!mayTurnValve || isForced) return undefined;
        return valves.turnTripped(event.control.phase !== "closed", event.atMs);
      case "orders":
        return mayTurnValve ? valves.turnHeld(event.hold, event.atMs) : undefined;
      default:
        return undefined;
    }
  }

  function atEnd({ atMs, queued }: DayEnd) {
    const allowed = CALM_SPARE + CALM_RECEIVES * (deletedCount + queued.size) + twinCount + met.count();
    const calm =
      isCalm && receiveCount > allowed
        ? { what: `${receiveCount} receives for ${deletedCount} messages on a day without trouble` }
        : undefined;
    return [...valves.atEnd(atMs), calm].filter((breach) => breach !== undefined);
  }

  return { name: "no-churn", see, atEnd };
}

/** Counts the messages that met a closing of the provider, once for each: they come again when it opens. */
function createMetClosings(contract: RuleContext["story"]["contract"]) {
  const { windows, timeZone, worker } = parseProvider(contract, "of the story");
  const calendar = calendarOf(windows, timeZone);
  const met = new Set<string>();
  return {
    received(recordId: string, atMs: number): void {
      // Those of a batch that is under way when starts end.
      const { isOpen, untilMs } = calendar.stretchAt(atMs + worker.timeoutMs + BATCH_MS);
      if (!isOpen) met.add(`${untilMs} ${recordId}`);
      const now = calendar.stretchAt(atMs);
      if (!now.isOpen) met.add(`${now.untilMs} ${recordId}`);
    },
    count: () => met.size,
  };
}

/** The valve, once for each reason to shut it. */
function shutValves({ contract }: RuleContext["story"]) {
  const planned = { spare: CALM_SPARE, perMinute: 0, perRecord: 0 };
  const probed = { spare: PROBE_RECEIVES_PER_MINUTE, perMinute: PROBE_RECEIVES_PER_MINUTE, perRecord: 1 };
  const tripped = createShutValve("a trip", probed);
  const held = createShutValve("a hold", planned);
  const closed = createShutValve("a closing", planned);
  const usedUp = createShutValve("a used up quota", planned);
  const provider = parseProvider(contract, "of the story");
  const calendar = calendarOf(provider.windows, provider.timeZone);
  const days = createUsedUpDays(provider);
  let isTripped = false;
  let holdId: string | undefined;

  function closingAt(atMs: number): ShutSpan | undefined {
    const { isOpen, ...stretch } = calendar.stretchAt(atMs);
    return isOpen ? undefined : plannedSpan(stretch);
  }

  return {
    received({ recordId, lane, atMs }: Extract<DatedEvent, { kind: "received" }>): Breach | undefined {
      const breach = closed.turn(closingAt(atMs), atMs);
      for (const valve of [tripped, held, closed]) valve.received(recordId, atMs);
      // What is left of the quota is for probes, which look at several records.
      if (lane === "records" && !isTripped) usedUp.received(recordId, atMs);
      return breach;
    },
    started(atMs: number): Breach | undefined {
      const rest = days.started(atMs);
      return rest && usedUp.turn(plannedSpan(rest), atMs);
    },
    turnTripped(isShut: boolean, atMs: number): Breach | undefined {
      if (isShut === isTripped) return undefined;
      isTripped = isShut;
      const span = { fromMs: atMs + SHUTTING_MS, untilMs: Number.POSITIVE_INFINITY };
      return tripped.turn(isShut ? span : undefined, atMs);
    },
    turnHeld(hold: TimedOrders["hold"], atMs: number): Breach | undefined {
      if (hold?.id === holdId) return undefined;
      holdId = hold?.id;
      // It is said to have begun a little before it was given.
      const fromMs = Math.max(hold?.fromMs ?? 0, atMs);
      return held.turn(hold && plannedSpan({ fromMs, untilMs: hold.untilMs }), atMs);
    },
    atEnd: (atMs: number) => [tripped, held, closed, usedUp].map((valve) => valve.turn(undefined, atMs)),
  };
}

function plannedSpan({ fromMs, untilMs }: ShutSpan): ShutSpan {
  return { fromMs: fromMs + PLANNED_SHUTTING_MS, untilMs: untilMs - PLANNED_OPENING_MS };
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
]);
