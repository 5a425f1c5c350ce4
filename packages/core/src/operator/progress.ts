import { collected } from "../collected.ts";
import { readDayBase } from "../history/day-base.ts";
import { OUTCOME_NAMES, pointsOf } from "../history/points.ts";
import type { Clock } from "../ports/clock.ts";
import type { HistoryStore, OutcomeTotals, Snapshot } from "../ports/history-store.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { Provider } from "../provider/provider.ts";
import { endsAtMsOf } from "../runs/ends-at.ts";
import { type Forecast, forecastOf } from "../steering/quotas/forecast.ts";
import { quotaDayAt } from "../steering/quotas/quota-day.ts";
import type { QuotaLeft } from "../steering/quotas/quota-left.ts";
import type { Quotas } from "../steering/quotas/quotas.ts";
import { type OpenRuns, readOpenRuns } from "./open-runs.ts";

/** A provider's way through its day, so far and ahead. */
export interface Progress {
  /** Absent before the waker has seen a minute of it. */
  readonly today?: Today;
  /** Attempts a minute of late; absent before the waker has seen two minutes. */
  readonly startsPerMinute?: number;
  readonly openRuns: OpenRuns;
  readonly quotas: readonly QuotaLeft[];
  /** The end of the day's quota if all goes on as of late; absent without such a quota. */
  readonly forecast?: Forecast;
  /** The instant at which all that is queued will have had its end; absent if nothing is, or it can't be told. */
  readonly endsAtMs?: number;
}

/** Counts of the provider day, to the waker's last minute and as far as the breaker had heard of them. */
export interface Today {
  readonly day: string;
  /** They are of the time since then: the day's beginning, if it is the whole day. */
  readonly sinceMs: number;
  readonly isWhole: boolean;
  readonly fetchedCount: number;
  /** Dead letters more than there were at that time. */
  readonly newDeadLetterCount: number;
}

/** The parts that progress is read from. */
export interface ProgressDeps {
  readonly provider: Provider;
  readonly history: Pick<HistoryStore, "latest" | "list" | "first">;
  readonly runs: Pick<RunStore, "watched" | "read">;
  readonly clock: Pick<Clock, "nowMs">;
  /** Absent for a provider without quotas. */
  readonly quotas?: Pick<Quotas, "readLeft">;
}

/** Time that the rate is taken over: long enough for slow calls, short enough to follow the limit. */
const RATE_OVER_MS = 10 * 60_000;
/** A last minute that is older says nothing of now. */
const FRESH_MS = 5 * 60_000;
/** Counts that begin so much after a day are those of the whole day: a snapshot or two may be missing. */
const WHOLE_WITHIN_MS = 10 * 60_000;
const MIDNIGHT = { resetsAt: "00:00" };

/**
 * Reads how far a provider is, from the snapshots of a few minutes and the rows of its open runs: a handful of reads,
 * however many records it has.
 * @throws Unreachable, StoredRowInvalid
 */
export async function readProgress(deps: ProgressDeps): Promise<Progress> {
  const { provider, history, clock } = deps;
  const nowMs = clock.nowMs();
  const day = quotaDayAt(provider.timeZone, MIDNIGHT, nowMs);
  const [latest, base, recent, openRuns, quotas] = await Promise.all([
    history.latest(),
    readDayBase(history, day.startsAtMs, nowMs),
    collected(history.list(nowMs - RATE_OVER_MS, nowMs)),
    readOpenRuns(deps.runs),
    deps.quotas?.readLeft() ?? [],
  ]);
  const isToday = latest !== undefined && latest.atMs >= day.startsAtMs;
  const startsPerMinute = rateOf(recent);
  const fresh = latest !== undefined && nowMs - latest.atMs <= FRESH_MS ? latest : undefined;
  const forecast = fresh && forecastIn(quotas, fresh, startsPerMinute ?? 0, nowMs);
  const endsAtMs = fresh && endOf(provider, fresh, startsPerMinute, nowMs);
  return {
    ...(isToday && {
      today: {
        day: day.name,
        sinceMs: base.sinceMs,
        isWhole: base.sinceMs - day.startsAtMs < WHOLE_WITHIN_MS,
        fetchedCount: fetchedBetween(base.snapshot?.outcomes, latest.outcomes),
        newDeadLetterCount: Math.max(0, latest.deadLetterCount - (base.snapshot?.deadLetterCount ?? 0)),
      },
    }),
    ...(startsPerMinute !== undefined && { startsPerMinute }),
    openRuns,
    quotas,
    ...(forecast !== undefined && { forecast }),
    ...(endsAtMs !== undefined && { endsAtMs: Math.round(endsAtMs) }),
  };
}

/** Records that were fetched between two counts: each is once a day. The later one alone where the count began anew. */
function fetchedBetween(earlier: OutcomeTotals | undefined, later: OutcomeTotals): number {
  const count = ({ okCount, slowCount }: OutcomeTotals) => okCount + slowCount;
  const before = earlier === undefined ? 0 : count(earlier);
  return count(later) < before ? count(later) : count(later) - before;
}

function rateOf(recent: readonly Snapshot[]): number | undefined {
  const [first, last] = [recent[0], recent.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const [point] = pointsOf([first, last]);
  const started = OUTCOME_NAMES.filter((name) => name !== "unavailable");
  return started.reduce((sum, name) => sum + (point?.perMinute[name] ?? 0), 0);
}

function forecastIn(
  quotas: readonly QuotaLeft[],
  { queued: { records } }: Snapshot,
  startsPerMinute: number,
  nowMs: number,
): Forecast | undefined {
  const day = quotas.find((quota) => quota.per === "day");
  if (day === undefined) return undefined;
  return forecastOf({
    requests: day.bulkRequests,
    usedCount: day.usedCount,
    startsPerMinute,
    queuedCount: records.visibleCount + records.inFlightCount,
    nowMs,
    resetsAtMs: day.resetsAtMs,
  });
}

/** The end of the bulk, or of the express records where those alone are queued. */
function endOf(
  contract: Provider,
  latest: Snapshot,
  startsPerMinute: number | undefined,
  nowMs: number,
): number | undefined {
  const countOf = (lane: "records" | "express") =>
    latest.queued[lane].visibleCount + latest.queued[lane].inFlightCount;
  const lane = countOf("records") > 0 ? "records" : "express";
  const openCount = countOf(lane);
  if (openCount === 0) return undefined;
  // A rate of nothing is that of a time in which nothing could start.
  const isKnown = startsPerMinute !== undefined && startsPerMinute > 0;
  const work = {
    lane,
    openCount,
    isUntouched: false,
    ...(isKnown && { ratePerMinute: startsPerMinute }),
  } as const;
  return endsAtMsOf(work, { contract, latest }, nowMs);
}
