import type { OutcomeTotals, Snapshot } from "../ports/history-store.ts";
import type { Trouble } from "../ports/metrics.ts";
import { type ByLane, LANES, type Lane } from "../provider/lane.ts";
import type { SeenMapping } from "../valve/reconciler.ts";
import { messagesIn } from "./queued-count.ts";

/** The sight of a provider that a round of the waker has, as far as it could be read. */
export interface Sighting extends Omit<Snapshot, "queued" | "deadLetterCount" | "valve"> {
  readonly queued?: Snapshot["queued"];
  readonly mappings: ByLane<SeenMapping | undefined>;
}

/** A trouble, and its sign. */
export interface ToldTrouble {
  readonly trouble: Trouble;
  readonly cause: string;
}

/**
 * The troubles that a minute shows, told by what changed since the process's snapshot of before: without one less is seen.
 * What is unknown is no trouble.
 */
export function troublesOf(now: Sighting, before: Snapshot | undefined): readonly ToldTrouble[] {
  const causes = {
    "kept-waiting": keptWaiting(now),
    "cant-begin": cantBegin(now, before),
    standstill: standstill(now, before),
  };
  return Object.entries(causes).flatMap(([trouble, cause]) =>
    cause === undefined ? [] : [{ trouble: trouble as Trouble, cause }],
  );
}

/**
 * Half-open with nothing to probe with, the breaker waits for a record, and nobody waits for it. An outage of our own side
 * is another trouble; where calls are held by plan, nothing probes.
 */
function keptWaiting({ phase, environmentHold, plannedUntilMs, queued }: Sighting): string | undefined {
  if (phase === "closed" || environmentHold !== undefined || plannedUntilMs !== undefined) return undefined;
  const isWaiting = phase === "open" || (queued !== undefined && messagesIn(queued) > 0);
  return isWaiting ? `the breaker is ${phase}` : undefined;
}

function cantBegin(
  { environmentHold, outcomes }: Sighting,
  before: Snapshot | undefined,
): string | undefined {
  if (environmentHold === "cant-begin") return "the breaker holds because calls can't begin";
  if (before === undefined) return undefined;
  const failedCount = outcomes.unavailableCount - before.outcomes.unavailableCount;
  const begunCount = begunIn(outcomes) - begunIn(before.outcomes);
  return failedCount > Math.max(0, begunCount) ? `${failedCount} attempts failed on our own side` : undefined;
}

function standstill(now: Sighting, before: Snapshot | undefined): string | undefined {
  const { phase, plannedUntilMs, heldUntilMs, quotaHeldUntilMs, atMs } = now;
  if (phase !== "closed" || plannedUntilMs !== undefined || heldUntilMs !== undefined) return undefined;
  return LANES.filter((lane) => (quotaHeldUntilMs?.[lane] ?? 0) <= atMs)
    .map((lane) => mappingOff(now.mappings[lane], lane) ?? nothingEnds(now, before, lane))
    .find((cause) => cause !== undefined);
}

function mappingOff(seen: SeenMapping | undefined, lane: Lane): string | undefined {
  if (seen === undefined) return undefined;
  if (seen.reading === undefined) return `the ${lane} queue has no mapping`;
  return seen.wanted.isEnabled && seen.reading.state === "disabled"
    ? `the ${lane} mapping is off`
    : undefined;
}

/**
 * A backlog of which nothing ends. A message behind a hidden one of its group is counted as visible: where more are
 * hidden, it may be that none can be received. A backlog that shrinks is read, whatever becomes of it.
 */
function nothingEnds(now: Sighting, before: Snapshot | undefined, lane: Lane): string | undefined {
  const queue = now.queued?.[lane];
  if (queue === undefined || before === undefined) return undefined;
  const { visibleCount, inFlightCount } = queue;
  const isStill = endedIn(now.outcomes) === endedIn(before.outcomes);
  const isBacklog = visibleCount > inFlightCount && visibleCount >= before.queued[lane].visibleCount;
  return isStill && isBacklog
    ? `${visibleCount} messages wait in the ${lane} queue, and no call ends`
    : undefined;
}

/** Attempts that called the provider. */
function begunIn({ okCount, slowCount, faultCount, throttledCount, rejectedCount }: OutcomeTotals): number {
  return okCount + slowCount + faultCount + throttledCount + rejectedCount;
}

function endedIn(totals: OutcomeTotals): number {
  return begunIn(totals) + totals.unavailableCount;
}
