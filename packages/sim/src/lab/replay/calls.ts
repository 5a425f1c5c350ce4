import type { Regime } from "./capacity.ts";
import { answeredCount, isSettled } from "./epochs.ts";
import type { Flow, Piece } from "./pieces.ts";
import { type Sample, segmentsOf } from "./segments.ts";

/** Calls that show a share of faults. */
const FAULTS_COUNT_MIN = 40;
/** Calls that show a latency. */
export const LATENCY_COUNT_MIN = 30;
/** Share of an epoch's calls in trouble from which its median is that of two kinds of weather. */
const MIXED_SHARE = 0.1;
/** Differences that are worth a step: ln 1.2, and four calls in a hundred. */
const LATENCY_TOLERANCE = Math.log(1.2);
const FAULTS_TOLERANCE = 0.04;
/** Variance of a share that was never seen otherwise, so that a few calls do not make it certain. */
const VARIANCE_MIN = 0.01;

/** The logarithms of the median latency, in ms, from instants on, without what is load's doing. */
export function latencySegments(pieces: readonly Piece[], regimes: readonly Regime[]): readonly Sample[] {
  const samples = flowsOf(pieces).flatMap((flow): Sample[] => {
    const { fromMs, epoch, trouble } = flow;
    const { seen } = epoch;
    if (seen?.medianMs === undefined || isOverloaded(flow, regimes)) return [];
    const variance = (seen.sigma ?? 0) ** 2;
    const answered = answeredCount(seen);
    const count = trouble === undefined ? answered : Math.min(answered, trouble.calls);
    if (trouble?.medianMs !== undefined) {
      return [{ fromMs, value: Math.log(trouble.medianMs), variance, count: trouble.calls }];
    }
    const { end } = epoch;
    const isMixed = end?.kind === "trouble" && end.medianMs !== undefined && end.calls > MIXED_SHARE * count;
    if (!isSettled(seen) || isMixed) return [];
    return [{ fromMs, value: Math.log(seen.medianMs), variance, count }];
  });
  return segmentsOf(samples, LATENCY_TOLERANCE, LATENCY_COUNT_MIN);
}

/** The shares of faults from instants on, without those of outages and of load. */
export function faultSegments(pieces: readonly Piece[], regimes: readonly Regime[]): readonly Sample[] {
  const samples = flowsOf(pieces).flatMap((flow): Sample[] => {
    const { epoch, trouble, fromMs } = flow;
    const { seen, end } = epoch;
    if (seen?.calls === undefined || isOverloaded(flow, regimes)) return [];
    if (trouble?.share !== undefined && trouble.sign === "faults")
      return [shareSample(fromMs, trouble.share, trouble.calls)];
    const outageFaults = end?.kind === "tripped" ? end.faults : 0;
    const troubled = end?.kind === "trouble" && end.sign === "faults" ? end : undefined;
    const count = seen.calls - (seen.throttled ?? 0) - outageFaults - (troubled?.calls ?? 0);
    if (count <= 0) return [];
    const faults =
      (seen.faults ?? 0) - outageFaults - Math.round((troubled?.calls ?? 0) * (troubled?.share ?? 0));
    return [shareSample(fromMs, Math.max(0, faults) / count, count)];
  });
  return segmentsOf(samples, FAULTS_TOLERANCE, FAULTS_COUNT_MIN);
}

function shareSample(fromMs: number, value: number, count: number): Sample {
  return { fromMs, value, variance: Math.max(VARIANCE_MIN, value * (1 - value)), count };
}

/** The pieces in which calls flowed. */
export function flowsOf(pieces: readonly Piece[]): readonly Flow[] {
  return pieces.filter((piece) => piece.kind === "flow");
}

/** True if the limit was above the capacity: longer calls and faults are load's doing then. */
export function isOverloaded({ fromMs, limit, overload }: Flow, regimes: readonly Regime[]): boolean {
  if (overload !== undefined) return true;
  const regime = regimes.findLast((one) => one.fromMs <= fromMs);
  return regime !== undefined && limit > regime.capacity;
}
