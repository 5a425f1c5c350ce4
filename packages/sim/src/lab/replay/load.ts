import type { TimeLine } from "../../provider-simulator/time-line.ts";
import { lineOf } from "./capacity.ts";
import { answeredCount, type Epoch, isSettled, meanLatencyMs } from "./epochs.ts";

/** The records of a day. */
export interface Load {
  readonly backlog: number;
  readonly arrivalsPerMinute: TimeLine;
  /** Share of the permits that were in use while the breaker was closed. */
  readonly usedShare: number;
  /** Records that were fetched, and how many of them no epoch tells of. */
  readonly fetchedCount: number;
  readonly guessedCount: number;
  readonly rejectedRatio: number;
}

const BACKLOG_MAX = 10_000_000;
/** Share of the permits in use below which records were waited for, so that they arrived one by one. */
const BUSY_SHARE = 0.5;
/** Calls of a record that the provider does not know: it is asked once more before it is believed. */
const CALLS_PER_REJECTED = 2;

/** Reads the load: all records wait at the start if the permits were in use, else they arrive as they were fetched. */
export function loadOf(epochs: readonly Epoch[], startMs: number, usualMs: number): Load {
  const flows = epochs
    .filter(({ control }) => control.phase === "closed")
    .map((epoch) => flowOf(epoch, usualMs));
  const sum = (numberOf: (flow: (typeof flows)[number]) => number) =>
    flows.reduce((total, flow) => total + numberOf(flow), 0);
  const totalLentMs = sum(({ lentMs }) => lentMs);
  const usedShare = totalLentMs === 0 ? 1 : Math.min(1, sum(({ usedMs }) => usedMs) / totalLentMs);
  const fetchedCount = Math.ceil(sum(({ perMs, epoch }) => perMs * (epoch.untilMs - epoch.fromMs)));
  const guessed = flows.filter(({ epoch }) => epoch.seen === undefined);
  const guessedCount = guessed.reduce(
    (total, { perMs, epoch }) => total + perMs * (epoch.untilMs - epoch.fromMs),
    0,
  );
  const rejectedCount =
    epochs.reduce((total, { seen }) => total + (seen?.rejected ?? 0), 0) / CALLS_PER_REJECTED;
  const isBusy = usedShare >= BUSY_SHARE;
  const arrivals = flows.map(({ epoch, perMs }) => ({
    fromMs: epoch.fromMs,
    value: Number((perMs * 60_000).toFixed(1)),
  }));
  return {
    backlog: isBusy ? Math.min(BACKLOG_MAX, Math.max(1, Math.ceil(fetchedCount + rejectedCount))) : 0,
    arrivalsPerMinute: isBusy ? [[0, 0]] : lineOf(arrivals, startMs, 0),
    usedShare,
    fetchedCount,
    guessedCount: Math.round(guessedCount),
    rejectedRatio: Number((rejectedCount / Math.max(1, fetchedCount + rejectedCount)).toFixed(3)),
  };
}

function flowOf(epoch: Epoch, usualMs: number) {
  const { seen, control, fromMs, untilMs } = epoch;
  const lentMs = control.limit * (untilMs - fromMs);
  if (seen === undefined || seen.forMs === 0 || !isSettled(seen))
    return { epoch, perMs: control.limit / usualMs, usedMs: 0, lentMs: 0 };
  const perMs = answeredCount(seen) / seen.forMs;
  return { epoch, perMs, usedMs: perMs * meanLatencyMs(seen) * (untilMs - fromMs), lentMs };
}
