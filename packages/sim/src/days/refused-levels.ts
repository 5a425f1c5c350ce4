import type { DayEvent } from "./day-event.ts";
import { WAIT_MAX_MS } from "./rules/retry-after.ts";

/**
 * Waits for which a level that brought one may be left alone. Nobody can tell from outside whether the provider bears it by
 * now: a try that is refused stops everything for a wait, so that whoever tries it sooner than after nine of them loses more
 * than a tenth of the time on a day on which it is still too much.
 */
const LEFT_ALONE_WAITS = 9;

/** Requests in flight that brought a wait, and the instant until which so many need not be tried again. */
export interface RefusedLevel {
  readonly level: number;
  readonly untilMs: number;
}

/** Watches a day for the levels that the provider has refused with a wait. */
export interface RefusedLevels {
  see(event: DayEvent, atMs: number): void;
  list(): readonly RefusedLevel[];
}

/** Refusals of one level: those that end while the wait of the first lasts began before anybody could know of it. */
interface Refusals extends RefusedLevel {
  readonly waitUntilMs: number;
}

/** Makes a watch that has seen nothing. */
export function createRefusedLevels(): RefusedLevels {
  const inFlight = new Map<string, number>();
  const refusals: Refusals[] = [];

  function refused(level: number, waitMs: number, atMs: number): void {
    const last = refusals.at(-1);
    const isSame = last !== undefined && atMs < last.waitUntilMs;
    if (isSame) refusals.pop();
    refusals.push({
      level: Math.max(level, isSame ? last.level : 0),
      untilMs: Math.max(atMs + LEFT_ALONE_WAITS * waitMs, isSame ? last.untilMs : 0),
      waitUntilMs: Math.max(atMs + waitMs, isSame ? last.waitUntilMs : 0),
    });
  }

  return {
    see(event, atMs) {
      if (event.kind === "started") inFlight.set(event.attemptId, event.inFlightCount);
      if (event.kind !== "ended") return;
      const level = inFlight.get(event.attemptId);
      inFlight.delete(event.attemptId);
      if (level === undefined || event.retryAfterMs === undefined) return;
      refused(level, Math.min(WAIT_MAX_MS, event.retryAfterMs), atMs);
    },
    list: () => refusals,
  };
}

/**
 * The time that so much work takes at the pace that can be asked for: all of X, but one less than a level that may be left
 * alone, for as long as it may.
 * @param workMs the calls' time, added up
 */
export function workingMs(
  workMs: number,
  maxConcurrency: number,
  refused: readonly RefusedLevel[],
  fromMs: number,
): number {
  let [leftMs, atMs] = [workMs, fromMs];
  const ends = refused.map(({ untilMs }) => untilMs).filter((untilMs) => untilMs > fromMs);
  for (const endMs of ends.toSorted((one, other) => one - other)) {
    const inForce = refused.filter(({ untilMs }) => untilMs >= endMs);
    const count = Math.max(1, Math.min(maxConcurrency, ...inForce.map(({ level }) => level - 1)));
    if (leftMs <= count * (endMs - atMs)) return atMs - fromMs + leftMs / count;
    leftMs -= count * (endMs - atMs);
    atMs = endMs;
  }
  return atMs - fromMs + leftMs / maxConcurrency;
}
