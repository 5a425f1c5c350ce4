import * as z from "zod";
import { parseStored } from "../../parsing/parse-stored.ts";
import { evidenceSchema } from "../evidence.ts";
import type { Ceiling, Closed, SluiceState } from "./state.ts";
import { UNSUSPECTED } from "./take-in.ts";

const nonNegative = z.number().min(0);
const limit = z.int().min(1);

const suspicion = z.object({ score: nonNegative, seen: evidenceSchema });

const learned = {
  epoch: z.int().min(0),
  limit,
  backgroundShare: z.number().min(0).max(1),
  usual: z.exactOptional(
    z.object({
      mean: z.number(),
      variance: nonNegative,
      slowShare: nonNegative,
      windowCount: nonNegative,
      callCount: nonNegative,
    }),
  ),
  usualLatencyMs: z.exactOptional(nonNegative),
  relapseCount: nonNegative,
  overreachCount: nonNegative,
  trippedAtMs: z.exactOptional(z.number()),
  wellAtMs: z.exactOptional(z.number()),
  closedAtMs: z.exactOptional(z.number()),
};

const episode = z.object({
  limit,
  reference: z.object({
    limit,
    badShare: z.number(),
    seenCount: nonNegative,
    lnLatency: z.exactOptional(z.number()),
  }),
});

const ceiling = z
  .object({
    limit,
    untilMs: z.number(),
    heldForMs: z.number(),
    isByLatency: z.boolean(),
    isByTrip: z.exactOptional(z.literal(true)),
    holdMs: z.exactOptional(nonNegative),
  })
  .transform(({ heldForMs, ...kept }) => ({ ...kept, keptForMs: heldForMs }));

const opening = {
  reason: z.exactOptional(z.literal("environment")),
  isAllRejected: z.exactOptional(z.literal(true)),
  isValveKept: z.boolean(),
  valveKeptProbes: nonNegative,
  target: limit,
  rampTo: limit,
  levelBefore: limit,
  ceiling: z.exactOptional(ceiling),
};

const closed = z
  .object({
    ...learned,
    phase: z.literal("closed"),
    epochStartedAtMs: z.number(),
    latestWellAtMs: z.exactOptional(z.number()),
    evidence: evidenceSchema,
    cleanCount: nonNegative.default(0),
    suspicions: z.object({
      faults: suspicion,
      throttled: suspicion,
      slow: suspicion,
      outage: suspicion,
      environment: suspicion.default(UNSUSPECTED),
      rejections: suspicion.default(UNSUSPECTED),
    }),
    settled: evidenceSchema,
    window: evidenceSchema,
    isProven: z.boolean(),
    hasCalmWindow: z.boolean(),
    longWindows: z.object({ count: nonNegative, seen: evidenceSchema }),
    rampTo: limit,
    target: limit,
    ceiling: z.exactOptional(ceiling),
    episode: z.exactOptional(episode),
    lastEpisode: z.exactOptional(episode),
    test: z.exactOptional(z.object({ from: limit })),
    lastRaise: z.exactOptional(z.object({ atMs: z.number(), to: limit, backTo: limit })),
    growthCount: nonNegative,
    recoveringSinceMs: z.exactOptional(z.number()),
    isUnsure: z.exactOptional(z.literal(true)),
  })
  .transform(({ isUnsure, ...state }) =>
    isUnsure === undefined ? state : { ...state, wantsSmallBatches: isUnsure },
  );

const stateSchema: z.ZodType<SluiceState> = z.discriminatedUnion("phase", [
  closed,
  z.object({
    ...learned,
    phase: z.literal("open"),
    probeAtMs: z.number(),
    failedProbeCount: nonNegative,
    ...opening,
  }),
  z.object({
    ...learned,
    phase: z.literal("half-open"),
    probeStartedAtMs: z.number(),
    failedProbeCount: nonNegative,
    doubtfulFaultCount: nonNegative.default(0),
    awaitsRecord: z.exactOptional(z.literal(true)),
    ...opening,
  }),
]);

/** Time after a probe's start at which running versions that insist on one begin another, in ms. */
const PROBE_MS = 60_000;

/**
 * The state as it is stored. Two fields keep the names there that running versions read and write, and one is
 * written for them alone.
 */
export function toStoredSluiceState(state: SluiceState): unknown {
  switch (state.phase) {
    case "open":
      return withStoredCeiling(state);
    case "half-open":
      return { ...withStoredCeiling(state), probeUntilMs: state.probeStartedAtMs + PROBE_MS };
    case "closed":
      return storedClosed(state);
  }
}

function storedClosed({ wantsSmallBatches: isUnsure, suspicions, ...rest }: Closed) {
  const { environment, rejections, ...others } = suspicions;
  return {
    ...withStoredCeiling(rest),
    suspicions: {
      ...others,
      ...(environment.score > 0 && { environment }),
      ...(rejections.score > 0 && { rejections }),
    },
    ...(isUnsure === undefined ? {} : { isUnsure }),
  };
}

function withStoredCeiling<T extends { readonly ceiling?: Ceiling }>({ ceiling, ...rest }: T) {
  return { ...rest, ...(ceiling === undefined ? {} : { ceiling: storedCeiling(ceiling) }) };
}

function storedCeiling({ keptForMs: heldForMs, ...ceiling }: Ceiling) {
  return { ...ceiling, heldForMs };
}

/** Parses a stored state. @throws StoredRowInvalid */
export function parseSluiceState(stored: unknown): SluiceState {
  return parseStored(stateSchema, stored);
}
