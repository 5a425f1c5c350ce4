import { StoredRowInvalid } from "@sluice/core/errors";
import {
  type ControlState,
  controlOf,
  type Evidence,
  evidenceSchema,
  type Law,
  type LawConfig,
  NO_EVIDENCE,
  type Observation,
  plus,
  type Step,
  successCount,
} from "@sluice/core/law";
import type { StoredBreaker } from "@sluice/core/ports";
import * as z from "zod";

/** The state of {@link tinyLaw}: it writes down all that it has been shown. */
export type TinyState = ControlState & TinyNotes;

interface TinyNotes {
  /** Evidence that it has seen so far, by the number of the epoch. */
  readonly seen: Readonly<Record<string, Evidence>>;
  readonly failedProbeCount: number;
}

/** A rule that fired, and the control that it asks for. */
interface TinyRule {
  readonly rule: string;
  readonly next: Uncounted<ControlState> & { readonly failedProbeCount: number };
}

type Uncounted<State> = State extends ControlState ? Omit<State, "epoch"> : never;

/** The number of faults in one epoch that trips the breaker. */
export const TRIP_FAULT_COUNT = 3;
/** The number of successes in one epoch that takes the limit one up. */
export const RAISE_OK_COUNT = 5;
/** Time to the first probe, doubled after each that failed. */
export const OPEN_MS = 30_000;

const limit = z.int().min(1);
const common = { limit, epoch: z.int().min(0), target: limit };

const stateSchema: z.ZodType<TinyState> = z.intersection(
  z.discriminatedUnion("phase", [
    z.object({ phase: z.literal("closed"), ...common }),
    z.object({ phase: z.literal("open"), ...common, probeAtMs: z.number(), isValveKept: z.boolean() }),
    z.object({
      phase: z.literal("half-open"),
      ...common,
      isValveKept: z.boolean(),
      awaitsRecord: z.exactOptional(z.literal(true)),
    }),
  ]),
  z.object({ seen: z.record(z.string(), evidenceSchema), failedProbeCount: z.int().min(0) }),
);

/** A law that is small enough to foresee its decisions, and keeps all evidence that it has been shown. */
export const tinyLaw: Law<TinyState> = {
  name: "tiny",
  initial: ({ maxConcurrency }) => ({
    phase: "closed",
    limit: maxConcurrency,
    target: maxConcurrency,
    epoch: 0,
    seen: {},
    failedProbeCount: 0,
  }),
  toStored: (state) => state,
  parse: parseTinyState,
  decide: (before, observation, config, nowMs) => {
    const state = note(before, observation);
    const fired = rule(state, observation, config, nowMs);
    if (fired === undefined) return { state };
    const { epoch, seen } = state;
    return stepTo({ ...fired.next, seen, epoch: epoch + 1 }, fired.rule, before);
  },
};

/** The state in a breaker's stored memory; throws where it can't be read. */
export function tinyStateIn(stored: StoredBreaker | undefined): TinyState | undefined {
  if (stored === undefined) return undefined;
  const { law } = z.object({ law: z.unknown() }).parse(stored.memory);
  return parseTinyState(law);
}

/** Parses what was stored. @throws StoredRowInvalid */
function parseTinyState(stored: unknown): TinyState {
  const parsed = stateSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new StoredRowInvalid(JSON.stringify(stored), "not a tiny state");
}

function note(state: TinyState, observation: Observation): TinyState {
  if (observation.kind !== "report" || observation.epoch !== state.epoch) return state;
  const earlier = state.seen[state.epoch] ?? NO_EVIDENCE;
  return { ...state, seen: { ...state.seen, [state.epoch]: plus(earlier, observation.evidence) } };
}

function stepTo(state: TinyState, rule: string, before: ControlState): Step<TinyState> {
  return { state, decision: { rule, inputs: {}, before: controlOf(before), after: controlOf(state) } };
}

function rule(
  state: TinyState,
  observation: Observation,
  config: LawConfig,
  nowMs: number,
): TinyRule | undefined {
  switch (state.phase) {
    case "closed":
      return whileClosed(state, observation, config, nowMs);
    case "open":
      if (observation.kind !== "probe-due") return undefined;
      if (nowMs < state.probeAtMs && !observation.isAsked) return undefined;
      return observation.hasRecord
        ? { rule: "probe", next: probing(state) }
        : { rule: "no record", next: { ...probing(state), awaitsRecord: true } };
    case "half-open":
      return whileHalfOpen(state, observation, nowMs);
  }
}

function whileClosed(
  state: TinyState,
  observation: Observation,
  { maxConcurrency }: LawConfig,
  nowMs: number,
): TinyRule | undefined {
  if (observation.kind !== "report" || observation.epoch !== state.epoch) return undefined;
  const seen = state.seen[state.epoch] ?? NO_EVIDENCE;
  if (seen.faultCount >= TRIP_FAULT_COUNT)
    return { rule: "trip", next: openUntil(nowMs + OPEN_MS, state, 0) };
  if (seen.okCount < RAISE_OK_COUNT || state.limit >= maxConcurrency) return undefined;
  return { rule: "raise", next: closedAt(state.limit + 1) };
}

function whileHalfOpen(
  state: Extract<TinyState, { phase: "half-open" }>,
  observation: Observation,
  nowMs: number,
): TinyRule | undefined {
  if (observation.kind === "probe-due") {
    if (observation.hasRecord || state.awaitsRecord === true) return undefined;
    return { rule: "no record", next: { ...probing(state), awaitsRecord: true } };
  }
  if (observation.epoch !== state.epoch) return undefined;
  const seen = state.seen[state.epoch] ?? NO_EVIDENCE;
  if (seen.faultCount > 0) {
    const failedProbeCount = state.failedProbeCount + 1;
    const untilMs = nowMs + OPEN_MS * 2 ** failedProbeCount;
    return { rule: "probe failed", next: openUntil(untilMs, state, failedProbeCount) };
  }
  return successCount(seen) > 0 ? { rule: "probe answered", next: closedAt(1) } : undefined;
}

function closedAt(limit: number): TinyRule["next"] {
  return { phase: "closed", limit, target: limit, failedProbeCount: 0 };
}

function openUntil(probeAtMs: number, { limit }: ControlState, failedProbeCount: number): TinyRule["next"] {
  return { phase: "open", limit, target: limit, probeAtMs, isValveKept: false, failedProbeCount };
}

function probing({ failedProbeCount }: TinyState): Extract<TinyRule["next"], { phase: "half-open" }> {
  return { phase: "half-open", limit: 1, target: 1, isValveKept: false, failedProbeCount };
}
