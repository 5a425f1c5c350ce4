import type { DatedEvent } from "../day-event.ts";
import { environmentOf } from "../environment-name.ts";
import { createClaimWatch } from "./claim-watch.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** A successful answer to an attempt. */
interface Success {
  readonly attemptId: string;
  readonly startedAtMs: number;
  readonly atMs: number;
}

/**
 * Rule 2: a record is claimed for the provider day that it is, called only while its claim holds, and fetched once on
 * that day. The one exception is an answer that no row could be told of:
 * its environment died, its invocation's answer was lost, or the table could not be had for as long as it lived.
 */
export function onceADayRule(context: RuleContext): Rule {
  const { story, startMs } = context;
  const claims = createClaimWatch(context);
  const dayOf = new Map<string, string>();
  const startedAtMs = new Map<string, number>();
  const successes = new Map<string, Success>();
  const completed = new Set<string>();
  const deadEnvironments = new Set<string>();

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "claimed":
        dayOf.set(event.attemptId, event.day);
        return undefined;
      case "completed":
        if (event.status === "fetched") completed.add(event.attemptId);
        return undefined;
      case "died":
        deadEnvironments.add(event.environment);
        return undefined;
      case "started":
        startedAtMs.set(event.attemptId, event.atMs);
        return undefined;
      case "ended": {
        const { attemptId, atMs } = event;
        const success = { attemptId, startedAtMs: startedAtMs.get(attemptId) ?? atMs, atMs };
        return event.status === 200 ? served(event.recordId, success) : undefined;
      }
      default:
        return undefined;
    }
  }

  function served(recordId: string, success: Success) {
    const { attemptId, atMs } = success;
    const key = `${dayOf.get(attemptId)} ${recordId}`;
    const before = successes.get(key);
    successes.set(key, success);
    if (before === undefined || isExcused(before)) return undefined;
    const known = completed.has(before.attemptId) ? "its row knew" : "its row was never told";
    return {
      what: `${recordId} was fetched again after ${secondsBetween(before.atMs, atMs)} s; ${known}`,
      recordId,
    };
  }

  function isExcused({ attemptId, atMs, ...success }: Success): boolean {
    if (completed.has(attemptId)) return false;
    if (deadEnvironments.has(environmentOf(attemptId))) return true;
    const fromMinute = minuteOf(success.startedAtMs) - INVOKING_MINUTES;
    const untilMinute = minuteOf(atMs) + HANDLING_MINUTES;
    return story.faults.some(
      (fault) =>
        fault.fromMinute <= untilMinute &&
        fromMinute <= fault.untilMinute &&
        (losesAnswers(fault) || hidesTable(fault)),
    );
  }

  function minuteOf(atMs: number): number {
    return (atMs - startMs) / 60_000;
  }

  return { name: "once-a-day", see: (event) => claims.see(event) ?? see(event) };
}

/** The request of a worker leaves within this time of its invocation. */
const INVOKING_MINUTES = 0.2;
/** An attempt is recorded within this time of its answer. */
const HANDLING_MINUTES = 2;

function losesAnswers(fault: RuleContext["story"]["faults"][number]): boolean {
  switch (fault.kind) {
    case "crash":
    case "freeze":
      return fault.role !== "waker";
    case "foreign-answer":
      return true;
    case "lose-answers":
    case "fail":
    case "delay":
    case "away":
      return fault.service === "lambda";
    default:
      return false;
  }
}

function hidesTable(fault: RuleContext["story"]["faults"][number]): boolean {
  if (fault.kind === "away") return fault.service === "dynamodb";
  return fault.kind === "throttle" && fault.service === "dynamodb" && fault.ratio === 1;
}

function secondsBetween(fromMs: number, untilMs: number): number {
  return Math.round((untilMs - fromMs) / 1_000);
}
