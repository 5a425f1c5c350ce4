import type { Decision } from "@sluice/core/law";
import type { Scenario } from "../provider-simulator/scenario.ts";
import { valueAt } from "../provider-simulator/time-line.ts";
import type { OutageReport } from "../world/site.ts";
import type { WorldReport } from "../world/world-report.ts";
import type { IdealRun } from "./ideal.ts";

/** The figures of a law in one run. Rates are per hour of the run. */
export interface Figures {
  /**
   * Distinct records served ÷ the ideal's, both counted when the ideal has emptied its backlog, after a minute at the
   * earliest, or at the end of the scenario. Undefined where the ideal serves none.
   */
  readonly goodput: number | undefined;
  /** Records that the ideal has served by then. */
  readonly idealCount: number;
  /** Minutes up to then in which the ideal has served something. */
  readonly idealBusyMinutes: number;
  /** Sum of the two below. */
  readonly harm: number;
  /**
   * Starts while the requests in flight, this one included, exceed a capacity above 0, per 1,000 of the ideal's
   * records.
   */
  readonly harmOverCapacity: number;
  /**
   * The same, each start weighted by its excess, in parts of the capacity: 1 for a start with twice as many in flight as
   * can be borne. A start one beyond is nearly nothing.
   */
  readonly excessHarm: number;
  /** Starts while the capacity is 0, probes included, per 1,000 of the ideal's records. */
  readonly harmInOutage: number;
  /**
   * From the start of an outage to the last start in it of a request that is no probe, the worst; null without
   * outage.
   */
  readonly tripSeconds: number | null;
  /**
   * From the end of an outage to the first instant from which on the records served over 60 s are 90 % of the ideal's
   * over the same 60 s; the worst. Where that never comes, the time until the next outage or the end. Null without an
   * outage that ends, or where the ideal serves none after it.
   */
  readonly restore90Seconds: number | null;
  /** Probes that reached the provider per minute of outage; null without outage. */
  readonly probesPerOutageMinute: number | null;
  /** Updates of event source mappings that were accepted. */
  readonly valveUpdatesPerHour: number;
  /** Those refused because an earlier one was still being applied. */
  readonly valveRefusalsPerHour: number;
  /** Changes of direction of the limit. */
  readonly reversalsPerHour: number;
  /** Decisions that opened the breaker while it was closed. */
  readonly trips: number;
  /** Decisions that lowered the limit and left the breaker closed. */
  readonly cuts: number;
  /** The most requests in flight at once, as the provider saw it. */
  readonly maxInFlight: number;
  /** Starts beyond X, as the provider saw it. */
  readonly boundViolations: number;
  /** Dead letters of records that would have been served some time, and of which a start was one too many. */
  readonly healthyDeadLettered: number;
  /** Those of records that had nothing but bad luck: faults in all of their attempts, at a provider that could bear more. */
  readonly unluckyDeadLettered: number;
  /** Successful answers for a record beyond its first. */
  readonly duplicateFetches: number;
  /** Writes that the table refused because their key was hot. */
  readonly hotRefusals: number;
  /**
   * True if records that can be served were left without a reason: 20 minutes without one served although the provider could bear some, or
   * not drained within twice the scenario's duration although the ideal was within it.
   */
  readonly stuck: boolean;
}

/** A run, and the ideal that it is measured against. */
export interface Measured {
  readonly scenario: Scenario;
  readonly run: Pick<
    WorldReport,
    "elapsedMs" | "isDrained" | "site" | "events" | "valve" | "deadLetters" | "unluckyDeadCount"
  > & {
    readonly meter: { readonly table: { readonly hotRefusals: number } };
  };
  readonly ideal: IdealRun;
  /** Records of the scenario that are neither poison nor unknown. */
  readonly healthyCount: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A backlog of a second or two is no measure of speed: the first invocation takes as long. */
const COUNTED_FROM_MS = MINUTE_MS;
/** The window of the restore figure, the share of the ideal that counts as restored, and the grid of instants. */
const RESTORE_WINDOW_MS = 60_000;
const RESTORED_SHARE = 0.9;
const GRID_MS = 1_000;
const STUCK_AFTER_MS = 20 * MINUTE_MS;

/** Makes the figures of a run. */
export function figuresOf(measured: Measured): Figures {
  const { scenario, run, ideal } = measured;
  const { audit, outages, servedAtMs } = run.site;
  const hours = run.elapsedMs / HOUR_MS;
  const scenarioMs = scenario.durationMinutes * MINUTE_MS;
  const countedAtMs = Math.min(Math.max(ideal.emptiedAtMs ?? scenarioMs, COUNTED_FROM_MS), scenarioMs);
  const idealCount = countUntil(ideal.servedAtMs, countedAtMs);
  const perThousand = (count: number) => (1_000 * count) / Math.max(1, ideal.servedAtMs.length);
  const decisions = run.events.flatMap(({ decision }) => (decision === undefined ? [] : [decision]));
  const begun = outages.filter(({ fromMs }) => fromMs < run.elapsedMs);
  return {
    goodput: idealCount === 0 ? undefined : countUntil(servedAtMs, countedAtMs) / idealCount,
    idealCount,
    idealBusyMinutes: new Set(
      ideal.servedAtMs.slice(0, idealCount).map((atMs) => Math.floor(atMs / MINUTE_MS)),
    ).size,
    harm: perThousand(audit.startsOverCapacityCount + audit.startsInOutageCount),
    harmOverCapacity: perThousand(audit.startsOverCapacityCount),
    excessHarm: perThousand(audit.excessSum),
    harmInOutage: perThousand(audit.startsInOutageCount),
    tripSeconds: worst(begun.map(tripSeconds)),
    restore90Seconds: worst(begun.map((outage) => restoreSeconds(outage, begun, measured))),
    probesPerOutageMinute: probesPerMinute(begun, run.elapsedMs),
    valveUpdatesPerHour: run.valve.updates / hours,
    valveRefusalsPerHour: run.valve.refusals / hours,
    reversalsPerHour: reversalCount(decisions) / hours,
    trips: decisions.filter(({ before, after }) => before.phase === "closed" && after.phase === "open")
      .length,
    cuts: decisions.filter(({ before, after }) => after.phase === "closed" && after.limit < before.limit)
      .length,
    maxInFlight: audit.mostInFlightCount,
    boundViolations: audit.boundViolationCount,
    healthyDeadLettered: run.deadLetters.healthy - run.unluckyDeadCount,
    unluckyDeadLettered: run.unluckyDeadCount,
    duplicateFetches: audit.servedAgain.reduce((sum, { count }) => sum + count - 1, 0),
    hotRefusals: run.meter.table.hotRefusals,
    stuck: isStuck(measured),
  };
}

/** Counts those of ascending instants that are not after an instant. */
export function countUntil(instantsMs: Float64Array, untilMs: number): number {
  let from = 0;
  let to = instantsMs.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((instantsMs[middle] as number) <= untilMs) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Changes of direction of the limit over decisions; a shut breaker counts as limit 0. */
export function reversalCount(decisions: readonly Decision[]): number {
  let direction = 0;
  let count = 0;
  for (const { before, after } of decisions) {
    const step = Math.sign(effectiveLimit(after) - effectiveLimit(before));
    if (step === 0) continue;
    if (direction !== 0 && step !== direction) count += 1;
    direction = step;
  }
  return count;
}

/** A probe that fails is no change of direction: half-open is as shut as open. */
function effectiveLimit({ phase, limit }: Decision["before"]): number {
  return phase === "closed" ? limit : 0;
}

function tripSeconds({ fromMs, lastStartAtMs }: OutageReport): number {
  return lastStartAtMs === undefined ? 0 : (lastStartAtMs - fromMs) / 1_000;
}

function restoreSeconds(
  { untilMs }: OutageReport,
  outages: readonly OutageReport[],
  { run, ideal }: Measured,
): number | undefined {
  const next = outages.find(({ fromMs }) => fromMs > untilMs);
  const lastMs = Math.min(next?.fromMs ?? run.elapsedMs, run.elapsedMs, ideal.emptiedAtMs ?? run.elapsedMs);
  const countFrom = (instantsMs: Float64Array, atMs: number) =>
    countUntil(instantsMs, atMs + RESTORE_WINDOW_MS) - countUntil(instantsMs, atMs);
  let hasIdealServed = false;
  for (let atMs = untilMs; atMs + RESTORE_WINDOW_MS <= lastMs; atMs += GRID_MS) {
    const idealCount = countFrom(ideal.servedAtMs, atMs);
    if (idealCount === 0) continue;
    hasIdealServed = true;
    if (countFrom(run.site.servedAtMs, atMs) >= RESTORED_SHARE * idealCount) return (atMs - untilMs) / 1_000;
  }
  return hasIdealServed ? (lastMs - untilMs) / 1_000 : undefined;
}

function probesPerMinute(outages: readonly OutageReport[], elapsedMs: number): number | null {
  const outageMs = outages.reduce(
    (sum, { fromMs, untilMs }) => sum + Math.min(untilMs, elapsedMs) - fromMs,
    0,
  );
  const probeCount = outages.reduce((sum, outage) => sum + outage.probeCount, 0);
  return outageMs === 0 ? null : (probeCount * MINUTE_MS) / outageMs;
}

function worst(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}

function isStuck({ scenario, run, ideal, healthyCount }: Measured): boolean {
  // What is left then waits for the back-off of a record that can't be served.
  const hasDoneHealthy = run.site.servedAtMs.length + run.deadLetters.healthy >= healthyCount;
  if (run.isDrained || hasDoneHealthy) return false;
  const wasDrainable = ideal.emptiedAtMs !== undefined;
  if (wasDrainable && run.elapsedMs >= 2 * scenario.durationMinutes * MINUTE_MS) return true;
  const fromMs = run.elapsedMs - STUCK_AFTER_MS;
  const hasServed = (run.site.servedAtMs.at(-1) ?? 0) > fromMs;
  return (
    fromMs >= 0 && !hasServed && couldBearSome(scenario, fromMs, run.elapsedMs) && idealServes(ideal, fromMs)
  );
}

/** A run is not stuck while not even the ideal serves anything, for lack of arrivals or because all calls fail. */
function idealServes({ servedAtMs, emptiedAtMs }: IdealRun, fromMs: number): boolean {
  return emptiedAtMs !== undefined || (servedAtMs.at(-1) ?? 0) > fromMs;
}

function couldBearSome({ provider }: Scenario, fromMs: number, untilMs: number): boolean {
  const steps = provider.capacity.filter(
    ([minute]) => minute * MINUTE_MS > fromMs && minute * MINUTE_MS <= untilMs,
  );
  return [valueAt(provider.capacity, fromMs / MINUTE_MS), ...steps.map(([, count]) => count)].every(
    (count) => count > 0,
  );
}
