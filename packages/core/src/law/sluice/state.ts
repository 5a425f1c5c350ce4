import * as z from "zod";
import { parseStored } from "../../parsing/parse-stored.ts";
import { type Evidence, evidenceSchema } from "../evidence.ts";

/** What the law remembers of a provider. */
export type SluiceState = Closed | Open | HalfOpen;

/** What outlives a change of phase. */
export interface Learned {
  readonly epoch: number;
  readonly limit: number;
  /** Share of faults that lowering the limit did not cure; 0 at first. */
  readonly backgroundShare: number;
  /** What calls are like when all is well; absent until the first window is closed. */
  readonly usual?: Usual;
  /** The usual latency as the valve is set for it: follows `usual` only when that is off by a factor of two. */
  readonly usualLatencyMs?: number;
  /** Trips during a recovery, since when the provider was last well for long. */
  readonly relapseCount: number;
  /** Those of them that a step up may have brought about. */
  readonly overreachCount: number;
  readonly trippedAtMs?: number;
}

/** What calls are like when all is well. */
export interface Usual {
  /** Mean and variance of the logarithm of the latency in ms. */
  readonly mean: number;
  readonly variance: number;
  readonly slowShare: number;
  /** Windows, and calls, that this rests on. */
  readonly windowCount: number;
  readonly callCount: number;
}

/** Flowing. */
export interface Closed extends Learned {
  readonly phase: "closed";
  readonly epochStartedAtMs: number;
  /** Observed of requests that started in this epoch. */
  readonly evidence: Evidence;
  /** Evidence of trouble by faults, by throttled calls and by slow ones, and of an outage. */
  readonly suspicions: Readonly<Record<SuspicionName, Suspicion>>;
  /** Latencies of this epoch, and those since the last window was closed, without the epoch's first ones. */
  readonly settled: Evidence;
  readonly window: Evidence;
  /** Whether the limit was good before a step up that was undone. */
  readonly isProven: boolean;
  /** Whether a window of this epoch was as usual. */
  readonly hasCalmWindow: boolean;
  /** Windows in a row that were too long, and what was seen in them. */
  readonly longWindows: { readonly count: number; readonly seen: Evidence };
  /** Below it the limit ramps up fast; above it every step is a test. */
  readonly rampTo: number;
  /** What the valve is set for: the limit, and room for the next steps. */
  readonly target: number;
  /** A level that was too much; absent when none is known. */
  readonly ceiling?: Ceiling;
  /** How trouble began, until it is clearly over; absent when all is well. */
  readonly episode?: Episode;
  /** The last trouble that is over: if it comes again before the limit is back, both are one. */
  readonly lastEpisode?: Episode;
  /** The last step up, until it has paid; absent when none is being tested. */
  readonly test?: GrowthTest;
  /** Steps up in a row that paid. */
  readonly growthCount: number;
  /** Since when the provider flows again after a trip; absent once it has reached its target. */
  readonly recoveringSinceMs?: number;
  /** While a careful recovery lasts, batches are to be as small as possible; absent otherwise. */
  readonly wantsSmallBatches?: true;
}

/** Trouble that a cumulative sum watches for. */
export type SuspicionName = "faults" | "throttled" | "slow" | "outage";

/** A cumulative sum that falls back to zero, and what was seen since it was there (Page, Continuous Inspection Schemes, 1954). */
export interface Suspicion {
  readonly score: number;
  readonly seen: Evidence;
}

/** A level not to be tried again for a while. */
export interface Ceiling {
  readonly limit: number;
  readonly untilMs: number;
  readonly keptForMs: number;
  /** Whether it showed by longer calls rather than by refusals and faults. */
  readonly isByLatency: boolean;
}

/** Trouble, and what it was like at a higher limit. */
export interface Episode {
  /** Where it began, and where to return to if the limit is not to blame. */
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

/** What a trip decides for the time until the breaker closes. */
export interface Opening {
  readonly isValveKept: boolean;
  /** The valve is shut when so many probes have failed. */
  readonly valveKeptProbes: number;
  /** What a valve that is kept stays set for: the level before. */
  readonly target: number;
  /** Where the ramp will end, and where it would end if it weren't for a relapse. */
  readonly rampTo: number;
  readonly levelBefore: number;
}

/** Tripped. */
export interface Open extends Learned, Opening {
  readonly phase: "open";
  readonly probeAtMs: number;
  readonly failedProbeCount: number;
}

/** Probing. */
export interface HalfOpen extends Learned, Opening {
  readonly phase: "half-open";
  /** A probe of which nothing was heard until then is dead. */
  readonly probeUntilMs: number;
  readonly probeStartedAtMs: number;
  readonly failedProbeCount: number;
}

const count = z.number().min(0);
const limit = z.int().min(1);

const suspicion = z.object({ score: count, seen: evidenceSchema });

const learned = {
  epoch: z.int().min(0),
  limit,
  backgroundShare: z.number().min(0).max(1),
  usual: z.exactOptional(
    z.object({ mean: z.number(), variance: count, slowShare: count, windowCount: count, callCount: count }),
  ),
  usualLatencyMs: z.exactOptional(count),
  relapseCount: count,
  overreachCount: count,
  trippedAtMs: z.exactOptional(z.number()),
};

const episode = z.object({
  limit,
  reference: z.object({
    limit,
    badShare: z.number(),
    seenCount: count,
    lnLatency: z.exactOptional(z.number()),
  }),
});

const opening = {
  isValveKept: z.boolean(),
  valveKeptProbes: count,
  target: limit,
  rampTo: limit,
  levelBefore: limit,
};

const stateSchema: z.ZodType<SluiceState> = z.discriminatedUnion("phase", [
  z.object({
    ...learned,
    phase: z.literal("closed"),
    epochStartedAtMs: z.number(),
    evidence: evidenceSchema,
    suspicions: z.object({
      faults: suspicion,
      throttled: suspicion,
      slow: suspicion,
      outage: suspicion,
    }),
    settled: evidenceSchema,
    window: evidenceSchema,
    isProven: z.boolean(),
    hasCalmWindow: z.boolean(),
    longWindows: z.object({ count, seen: evidenceSchema }),
    rampTo: limit,
    target: limit,
    ceiling: z.exactOptional(
      z.object({ limit, untilMs: z.number(), keptForMs: z.number(), isByLatency: z.boolean() }),
    ),
    episode: z.exactOptional(episode),
    lastEpisode: z.exactOptional(episode),
    test: z.exactOptional(z.object({ from: limit })),
    growthCount: count,
    recoveringSinceMs: z.exactOptional(z.number()),
    wantsSmallBatches: z.exactOptional(z.literal(true)),
  }),
  z.object({
    ...learned,
    phase: z.literal("open"),
    probeAtMs: z.number(),
    failedProbeCount: count,
    ...opening,
  }),
  z.object({
    ...learned,
    phase: z.literal("half-open"),
    probeUntilMs: z.number(),
    probeStartedAtMs: z.number(),
    failedProbeCount: count,
    ...opening,
  }),
]);

/** Parses a stored state. @throws StoredRowInvalid */
export function parseSluiceState(stored: unknown): SluiceState {
  return parseStored(stateSchema, stored);
}
