import { lnLatencyOf, NO_EVIDENCE, plus, successCount } from "../evidence.ts";
import type { Closed, Usual } from "./state.ts";
import type { SluiceTuning } from "./tuning.ts";

/** A state with its window closed, if that was full. */
export interface WindowClosed {
  readonly state: Closed;
  /** Enough windows in a row were too long. */
  readonly isLong: boolean;
}

/** Bounds of a window, in calls: enough to be news at all, not more than is worth waiting for. */
const WINDOW_MIN = 30;
const WINDOW_MAX = 400;
/** Calls that an average of windows of 30 at a weight of 0.05 rests on: (2 - 0.05) / 0.05 × 30. */
const USUAL_CALLS_MAX = 1_170;

/**
 * Closes a window of latencies that is big enough to show a doubling. One that is not longer than usual
 * refines the usual latency; several in a row that are longer are trouble. The mean of the logarithm is
 * compared, because latencies spread over orders of magnitude: a minimum says nothing of them, and a mean
 * follows its tail.
 */
export function closeWindow(state: Closed, tuning: SluiceTuning): WindowClosed {
  const { usual, window } = state;
  const latency = lnLatencyOf(window);
  const count = successCount(window);
  const variance = usual?.variance ?? latency?.variance ?? 0;
  if (latency === undefined || count < windowSize(variance, tuning)) return { state, isLong: false };
  const seen = { ...latency, slowShare: window.slowCount / count };
  const closed = { ...state, window: NO_EVIDENCE };
  if (usual === undefined)
    return {
      state: { ...closed, ...learn({ ...seen, windowCount: 1, callCount: count }, state) },
      isLong: false,
    };
  const rise = seen.mean - usual.mean;
  // The usual latency has an error too: it rests on a limited number of calls.
  const error = Math.sqrt(Math.max(1e-9, variance * (1 / count + 1 / usual.callCount)));
  const z = Math.abs(rise) / error;
  const isClear = z >= tuning.latencyZ;
  const isInTrouble = state.episode !== undefined;
  const isLong = isInTrouble
    ? z >= tuning.latencyRestZ && rise > tuning.latencyRest
    : isClear && rise > tuning.latencyRise;
  if (isLong) {
    const longWindows = {
      count: state.longWindows.count + 1,
      seen: plus(state.longWindows.seen, window),
    };
    return { state: { ...closed, longWindows }, isLong: longWindows.count >= tuning.latencyWindows };
  }
  const rested = { ...closed, hasCalmWindow: true, longWindows: { count: 0, seen: NO_EVIDENCE } };
  // Between usual and trouble nothing is learned: the usual latency would creep up with the load.
  if (rise > tuning.latencyRest + doubtOf(usual, tuning)) return { state: rested, isLong: false };
  const isShorter = isClear && rise < -tuning.latencyRise;
  const weight = isShorter ? 1 : Math.max(tuning.latencyWeight, 1 / (usual.windowCount + 1));
  return {
    state: { ...rested, ...learn(blend(usual, { ...seen, callCount: count }, weight), state) },
    isLong: false,
  };
}

/**
 * The most by which the usual latency is too short because it rests on few calls, as a difference of mean logarithms: the first ones
 * to end are the short ones, and while it is too short, calls that are no longer than ever count as slow.
 */
function doubtOf({ variance, callCount }: Usual, { latencyRestZ }: SluiceTuning): number {
  return latencyRestZ * Math.sqrt(variance / callCount);
}

/** The usual latency from now on; the valve follows only a change by a factor of two. */
export function learn(
  usual: Usual,
  { usualLatencyMs }: Pick<Closed, "usualLatencyMs">,
): { readonly usual: Usual; readonly usualLatencyMs: number } {
  const medianMs = Math.exp(usual.mean);
  const isFar = usualLatencyMs === undefined || Math.abs(Math.log2(medianMs / usualLatencyMs)) >= 1;
  return { usual, usualLatencyMs: isFar ? medianMs : usualLatencyMs };
}

/** Calls that show a doubling at the wanted number of standard errors. */
function windowSize(variance: number, { latencyZ }: SluiceTuning): number {
  const doubling = (latencyZ * latencyZ * variance) / (Math.LN2 * Math.LN2);
  return Math.min(WINDOW_MAX, Math.max(WINDOW_MIN, Math.ceil(doubling)));
}

function blend(usual: Usual, seen: Omit<Usual, "windowCount">, weight: number): Usual {
  const mix = (before: number, now: number) => before + weight * (now - before);
  return {
    mean: mix(usual.mean, seen.mean),
    variance: mix(usual.variance, seen.variance),
    slowShare: mix(usual.slowShare, seen.slowShare),
    windowCount: usual.windowCount + 1,
    callCount: weight === 1 ? seen.callCount : Math.min(USUAL_CALLS_MAX, usual.callCount + seen.callCount),
  };
}
