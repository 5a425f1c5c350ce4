import type { OpenReason } from "../control.ts";
import type { Evidence } from "../evidence.ts";

/** The law's memory of a provider, by phase. */
export type SluiceState = Closed | Open | HalfOpen;

/** The part of the memory that outlives a change of phase. */
export interface Learned {
  readonly epoch: number;
  readonly limit: number;
  /** Share of faults that lowering the limit did not cure; 0 at first. */
  readonly backgroundShare: number;
  /** Latencies while all is well; absent until the first window is closed. */
  readonly usual?: Usual;
  /** The usual latency that the valve is set for: follows `usual` only if that is off by a factor of two. */
  readonly usualLatencyMs?: number;
  /** Trips during a recovery, since the provider was last well for long. */
  readonly relapseCount: number;
  /** Those of them that a step up may have brought about. */
  readonly overreachCount: number;
  readonly trippedAtMs?: number;
  /** The last instant before that trip at which faults were as usual; before the first of several trips in a row. */
  readonly wellAtMs?: number;
  /** The instant of closing after the last trip of the provider's; absent before the first. */
  readonly closedAtMs?: number;
}

/** Latencies while all is well. */
export interface Usual {
  /** Mean and variance of the logarithm of the latency in ms. */
  readonly mean: number;
  readonly variance: number;
  readonly slowShare: number;
  /** Windows, and calls, that this rests on. */
  readonly windowCount: number;
  readonly callCount: number;
}

/** The memory while requests flow. */
export interface Closed extends Learned {
  readonly phase: "closed";
  readonly epochStartedAtMs: number;
  /** The last instant at which faults were as usual; absent before the first report. */
  readonly latestWellAtMs?: number;
  /** Evidence of requests that started in this epoch. */
  readonly evidence: Evidence;
  /** Successes since the last report of a fault or a refusal; faults of records that are known to be bad count in part. */
  readonly cleanCount: number;
  /**
   * Evidence of trouble by faults, by throttled calls and by slow ones, of an outage of the provider's or ours, and that
   * everything is rejected.
   */
  readonly suspicions: Readonly<Record<SuspicionName, Suspicion>>;
  /** Evidence on this epoch's latencies, and its part in the open window, without the epoch's first calls. */
  readonly settled: Evidence;
  readonly window: Evidence;
  /** The limit was good before a step up that was undone. */
  readonly isProven: boolean;
  /** A window of this epoch was as usual. */
  readonly hasCalmWindow: boolean;
  /** Windows in a row that were too long, and their evidence. */
  readonly longWindows: { readonly count: number; readonly seen: Evidence };
  /** The limit up to which it ramps fast; above it every step is a test. */
  readonly rampTo: number;
  /** The limit that the valve is set for: the present one, and room for the next steps. */
  readonly target: number;
  /** A level that was too much; absent when none is known. */
  readonly ceiling?: Ceiling;
  /** Trouble that is not clearly over; absent when all is well. */
  readonly episode?: Episode;
  /** The last trouble that is over: if it comes again before the limit is back, both are one. */
  readonly lastEpisode?: Episode;
  /** The last step up, until it has paid; absent when none is being tested. */
  readonly test?: GrowthTest;
  /** The last raise of the limit since the breaker closed; absent before the first. */
  readonly lastRaise?: Raise;
  /** Steps up in a row that paid. */
  readonly growthCount: number;
  /**
   * The instant of closing after a trip; absent once the limit has reached `rampTo`, or the contract's if a
   * step up has brought a trip, and when the trip is long ago.
   */
  readonly recoveringSinceMs?: number;
  /** A careful recovery lasts, in which batches are to be as small as possible; absent otherwise. */
  readonly wantsSmallBatches?: true;
}

/** A raise of the limit. */
export interface Raise {
  readonly atMs: number;
  readonly to: number;
  /** The limit to go back to if it turns out to have been too much. */
  readonly backTo: number;
}

/** Trouble that a cumulative sum watches for. */
export type SuspicionName = "faults" | "throttled" | "slow" | "outage" | "environment" | "rejections";

/**
 * A cumulative sum that never falls below zero, and the evidence since it was last there (Page, Continuous
 * Inspection Schemes, 1954).
 */
export interface Suspicion {
  readonly score: number;
  readonly seen: Evidence;
}

/** A level not to be tried again for a while. */
export interface Ceiling {
  readonly limit: number;
  readonly untilMs: number;
  readonly keptForMs: number;
  /** It showed by longer calls rather than by refusals and faults. */
  readonly isByLatency: boolean;
  /** It showed by a trip, soon after it was reached. */
  readonly isByTrip?: true;
  /**
   * Length of the hold that a step towards it must reckon with; absent where refusals bring none, or calls
   * are only longer there.
   */
  readonly holdMs?: number;
}

/** Trouble, and its measure at a higher limit. */
export interface Episode {
  /** The limit at which it began, to return to if the limit is not to blame. */
  readonly limit: number;
  readonly reference: Reference;
}

/** Trouble as it was at one limit. */
export interface Reference {
  readonly limit: number;
  /** Share of bad calls, and the calls that it was seen in. */
  readonly badShare: number;
  readonly seenCount: number;
  /** Mean logarithm of the latency in ms; absent where nothing was answered. */
  readonly lnLatency?: number;
}

/** A step up that has to pay. */
export interface GrowthTest {
  readonly from: number;
}

/** A trip's plan for the time until the breaker closes. */
export interface TripPlan {
  /** The cause; absent for trouble of the provider's. */
  readonly reason?: OpenReason;
  /** The environment is to blame because everything is rejected; absent where calls can't begin. */
  readonly isAllRejected?: true;
  readonly isValveKept: boolean;
  /** Failed probes at which the valve is shut. */
  readonly valveKeptProbes: number;
  /** The limit that a kept valve stays set for: the level before. */
  readonly target: number;
  /** The limit at which the ramp will end, and the one at which it would end without a relapse. */
  readonly rampTo: number;
  readonly levelBefore: number;
  /** The level that may have brought the outage about, not to be tried again for a while. */
  readonly ceiling?: Ceiling;
}

/** The memory while the breaker is tripped. */
export interface Open extends Learned, TripPlan {
  readonly phase: "open";
  readonly probeAtMs: number;
  readonly failedProbeCount: number;
}

/** The memory while one permit at a time is lent for probes. */
export interface HalfOpen extends Learned, TripPlan {
  readonly phase: "half-open";
  readonly probeStartedAtMs: number;
  readonly failedProbeCount: number;
  /** Faults since then of records that had failed before while others succeeded. */
  readonly doubtfulFaultCount: number;
  /** There was no record to probe with, so that the valve is opened for the next one. */
  readonly awaitsRecord?: true;
}
