import type { Phase } from "@sluice/core/law";
import type { Service } from "../../cloud/sdk/sdk-calls.ts";
import type { DatedEvent, RequestStatus } from "../day-event.ts";
import { environmentOf } from "../environment-name.ts";
import type { Fault } from "../story.ts";
import type { Rule, RuleContext } from "./rule.ts";

/**
 * A gate is read anew every two seconds, and the news of it takes a moment; a batch that waits for a claim has read it
 * before.
 */
const NEWS_MS = 10_000;
/** The same of a decision that is made while the table is at fault: the rounds of the waker spread it again. */
const HINDERED_NEWS_MS = 3 * 60_000;

/** Rejections of a record on a day that may be in doubt, and cost it no attempt. */
const DOUBTED_MAX = 4;

/** A worker is invoked within this time of its claim. */
const INVOKING_MINUTES = 0.2;

/** An attempt of a record, as far as it can be told from outside. */
interface Attempt {
  readonly id: string;
  /** Its provider day: each day has attempts of its own. */
  readonly day: string;
  /** Lambda may have started its worker without telling, or without the worker coming far. */
  readonly isDoubtful: boolean;
  /** Its end may not have come back to its sender as the worker told it. */
  readonly mayBeCutOff: boolean;
  /** The breaker's phase when the request left; absent if none did. */
  startedIn?: Phase;
  /** Its sender may not have known yet that the breaker had opened. */
  isLate?: boolean;
  /** An operator may have forced the breaker: it counts as one at an open gate, or as a probe. */
  isForced?: boolean;
  end?: RequestStatus;
}

/**
 * Rule 4: a record is charged for starts only, and for at most `maxAttempts` of them; an outage that has tripped the
 * breaker charges none to a record that is healthy.
 */
export function attemptsRule({ story, startMs, isBad, isUnknown }: RuleContext): Rule {
  const attempts = new Map<string, Attempt[]>();
  const byId = new Map<string, Attempt>();
  const dead = new Set<string>();
  const putBack = new Set<string>();
  let phase: Phase = "closed";
  let [newsUntilMs, forcedUntilMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [mostAttempts, leastAttempts] = [maxAttemptsOf(story), maxAttemptsOf(story)];

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "control":
        if (phase === "closed") newsUntilMs = event.atMs + newsMs(story, event.atMs - startMs);
        phase = event.control.phase;
        return undefined;
      case "orders":
        if (event.force !== undefined) forcedUntilMs = event.force.untilMs + HINDERED_NEWS_MS;
        return undefined;
      case "deployed":
        mostAttempts = Math.max(mostAttempts, event.provider.maxAttempts);
        leastAttempts = Math.min(leastAttempts, event.provider.maxAttempts);
        return undefined;
      case "claimed": {
        const attempt = attemptOf(event, story, startMs);
        byId.set(attempt.id, attempt);
        attempts.set(event.recordId, [...(attempts.get(event.recordId) ?? []), attempt]);
        return undefined;
      }
      case "started":
        // Until then its sender may not know that the breaker has opened: it may be a charged start, or a probe.
        note(event.attemptId, {
          startedIn: phase,
          isLate: phase === "open" && event.atMs < newsUntilMs,
          isForced: phase !== "closed" && event.atMs < forcedUntilMs,
        });
        return tooMany(event.recordId, event.attemptId);
      case "ended":
        note(event.attemptId, { end: event.status });
        return undefined;
      case "died":
        dead.add(event.environment);
        return undefined;
      case "redriven":
        putBack.add(event.recordId);
        attempts.delete(event.recordId);
        return undefined;
      case "letter": {
        const breach = letter(event);
        // The letter that was put back may be behind another run's message, and begins afresh after that one's death.
        if (putBack.delete(event.recordId)) attempts.delete(event.recordId);
        return breach;
      }
      default:
        return undefined;
    }
  }

  function note(attemptId: string, news: Partial<Attempt>): void {
    Object.assign(byId.get(attemptId) ?? {}, news);
  }

  function tooMany(recordId: string, attemptId: string) {
    const day = byId.get(attemptId)?.day;
    const count = chargedCount((attempts.get(recordId) ?? []).filter((attempt) => attempt.day === day));
    if (count <= mostAttempts) return undefined;
    return { what: `${recordId} was started ${count} times, ${mostAttempts} are allowed`, recordId };
  }

  function letter({ recordId, attempts: charged = 0 }: Extract<DatedEvent, { kind: "letter" }>) {
    // Whether a rejection may be believed is another rule's matter.
    if (isUnknown(recordId) || attempts.get(recordId)?.at(-1)?.end === 404) return undefined;
    const known = attempts.get(recordId) ?? [];
    const ofProbes = isBad(recordId) || looksBad(known) || isAskedInVain(known);
    const count = known.filter((attempt) => isChargeable(attempt, ofProbes, dead)).length;
    if (charged >= leastAttempts && count >= charged) return undefined;
    return { what: `${recordId} died after ${charged} attempts; ${count} starts could be charged`, recordId };
  }

  return { name: "attempts", see };
}

function attemptOf(
  { attemptId: id, day, atMs }: Extract<DatedEvent, { readonly kind: "claimed" }>,
  story: RuleContext["story"],
  startMs: number,
): Attempt {
  const sinceStartMs = atMs - startMs;
  const isDoubtful = isLambdaIll(story, sinceStartMs);
  return { id, day, isDoubtful, mayBeCutOff: isDoubtful || isMixedUp(story, sinceStartMs) };
}

/** The number of starts at an open gate that must have been charged. */
function chargedCount(attempts: readonly Attempt[]): number {
  const counted = attempts.filter(({ startedIn, end }) => startedIn === "closed" && end !== 429);
  return counted.length - Math.min(DOUBTED_MAX, counted.filter(({ end }) => end === 404).length);
}

/**
 * True for a record that failed twice at a gate that was open as far as its sender knew: it can't be told from a bad one,
 * whose probes are charged.
 */
function looksBad(attempts: readonly Attempt[]): boolean {
  const atOpenGate = attempts.filter(
    ({ startedIn, isForced, isLate }) => startedIn === "closed" || isForced || isLate,
  );
  return atOpenGate.filter(({ end }) => end === 500 || end === "timeout").length >= 2;
}

/** Probes without an end after which a record's probes are charged: one that crashes its worker is not asked for ever. */
const CUT_OFF_MAX = 5;

function isAskedInVain(attempts: readonly Attempt[]): boolean {
  return attempts.filter((each) => each.mayBeCutOff && each.startedIn !== "closed").length >= CUT_OFF_MAX;
}

/** True for a start that may be charged: not one that the provider only asked to come later, nor one of a probe. */
function isChargeable(
  { id, isDoubtful, startedIn, isLate, isForced, end }: Attempt,
  ofProbes: boolean,
  dead: ReadonlySet<string>,
): boolean {
  if (end === 429) return false;
  if (startedIn === undefined) return isDoubtful || dead.has(environmentOf(id));
  return ofProbes || isLate === true || isForced === true || startedIn === "closed";
}

/** Faults under which a worker may be started that is not seen to call. */
const WORKER_FAULTS: ReadonlySet<Fault["kind"]> = new Set(["crash", "freeze", "cold-starts"]);

/** True while Lambda may start a worker that is not seen to call, or calls in vain for one. */
function isLambdaIll({ faults }: RuleContext["story"], sinceStartMs: number): boolean {
  return faults.some(
    (fault) => (WORKER_FAULTS.has(fault.kind) || isOf("lambda", fault)) && isInForce(fault, sinceStartMs),
  );
}

/** True while a worker may answer with another one's reply. */
function isMixedUp({ faults }: RuleContext["story"], sinceStartMs: number): boolean {
  return faults.some((fault) => fault.kind === "foreign-answer" && isInForce(fault, sinceStartMs));
}

/** The time that a decision may take to its last reader, in ms. */
function newsMs({ faults }: RuleContext["story"], sinceStartMs: number): number {
  const isHindered = faults.some((fault) => isOf("dynamodb", fault) && isInForce(fault, sinceStartMs));
  return isHindered ? HINDERED_NEWS_MS : NEWS_MS;
}

function isOf(service: Service, fault: Fault): boolean {
  return "service" in fault && fault.service === service;
}

function isInForce({ fromMinute, untilMinute }: Fault, sinceStartMs: number): boolean {
  const minute = sinceStartMs / 60_000;
  return fromMinute <= minute + INVOKING_MINUTES && minute <= untilMinute;
}

function maxAttemptsOf({ contract }: RuleContext["story"]): number {
  return contract.maxAttempts ?? 5;
}
