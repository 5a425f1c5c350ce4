import type { OutcomeTotals, Snapshot } from "../ports/history-store.ts";

/** A provider in the time between two snapshots. */
export interface Point
  extends Pick<Snapshot, "atMs" | "phase" | "limit" | "maxConcurrency" | "inFlightCount"> {
  /** Attempts a minute, by outcome. */
  readonly perMinute: Readonly<Record<OutcomeName, number>>;
  /** Latency of the calls that succeeded, in ms; absent without one. */
  readonly latencyMs?: { readonly p50: number; readonly p95: number };
  readonly queuedCount: number;
}

/** Outcomes as charts name them. */
export const OUTCOME_NAMES = ["ok", "slow", "fault", "throttled", "rejected", "unavailable"] as const;

/** One of {@link OUTCOME_NAMES}. */
export type OutcomeName = (typeof OUTCOME_NAMES)[number];

/** The standard normal distribution's quantile of 0.95: logarithms of latencies are taken for normal. */
const Z_95 = 1.645;

/** The points that snapshots make, one less than there are; oldest first. */
export function pointsOf(snapshots: readonly Snapshot[]): readonly Point[] {
  return snapshots.slice(1).map((later, index) => pointOf(snapshots[index] ?? later, later));
}

function pointOf(earlier: Snapshot, later: Snapshot): Point {
  const { atMs, phase, limit, maxConcurrency, inFlightCount, queued } = later;
  const came = between(earlier.outcomes, later.outcomes);
  const minutes = Math.max(1, atMs - earlier.atMs) / 60_000;
  const rates = OUTCOME_NAMES.map((name) => [name, came[`${name}Count`] / minutes] as const);
  const latencyMs = latencyOf(came);
  const { records, express } = queued;
  return {
    atMs,
    phase,
    limit: Math.min(limit, maxConcurrency),
    maxConcurrency,
    inFlightCount,
    perMinute: Object.fromEntries(rates) as Record<OutcomeName, number>,
    ...(latencyMs !== undefined && { latencyMs }),
    queuedCount: records.visibleCount + records.inFlightCount + express.visibleCount + express.inFlightCount,
  };
}

/** The outcomes that came from one to the other; all of the later ones where the count began anew. */
function between(earlier: OutcomeTotals, later: OutcomeTotals): OutcomeTotals {
  const names = Object.keys(later) as (keyof OutcomeTotals)[];
  const isAnew = names.some((name) => later[name] < earlier[name]);
  if (isAnew) return later;
  return Object.fromEntries(
    names.map((name) => [name, later[name] - earlier[name]]),
  ) as unknown as OutcomeTotals;
}

function latencyOf({
  okCount,
  slowCount,
  lnLatencySum,
  lnLatencySquareSum,
}: OutcomeTotals): Point["latencyMs"] {
  const count = okCount + slowCount;
  if (count <= 0) return undefined;
  const mean = lnLatencySum / count;
  const deviation = Math.sqrt(Math.max(0, lnLatencySquareSum / count - mean * mean));
  return { p50: Math.exp(mean), p95: Math.exp(mean + Z_95 * deviation) };
}
