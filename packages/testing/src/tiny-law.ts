import { StoredRowInvalid } from "@sluice/core/errors";
import {
  type ControlState,
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
import * as z from "zod";

/** The state of {@link tinyLaw}. */
export interface TinyState extends ControlState {
  /** The evidence of each epoch so far, by the epoch's number. */
  readonly seen: Readonly<Record<string, Evidence>>;
  readonly failedProbeCount: number;
}

/** The change that an observation makes. */
interface Ruling {
  readonly rule: string;
  readonly next: Omit<ControlState, "epoch"> & { readonly failedProbeCount: number };
}

/** The number of faults in one epoch that trips the breaker. */
export const TRIP_FAULT_COUNT = 3;
/** The number of successes in one epoch that takes the limit one up. */
export const RAISE_OK_COUNT = 5;
/** Time to the first probe, doubled after each that failed. */
export const OPEN_MS = 30_000;
/** Time from a probe that was missed to the next one. */
export const MISSED_MS = 10_000;

const stateSchema = z.object({
  phase: z.enum(["closed", "open", "half-open"]),
  limit: z.int().min(1),
  epoch: z.int().min(0),
  probeAtMs: z.exactOptional(z.number()),
  probeUntilMs: z.exactOptional(z.number()),
  seen: z.record(z.string(), evidenceSchema),
  failedProbeCount: z.int().min(0),
});

/** A law that is small enough to foresee its decisions, and keeps all evidence that it has been shown. */
export const tinyLaw: Law<TinyState> = {
  name: "tiny",
  initial: ({ maxConcurrency }) => ({
    phase: "closed",
    limit: maxConcurrency,
    epoch: 0,
    seen: {},
    failedProbeCount: 0,
  }),
  parse: parseTinyState,
  decide: (before, observation, config, nowMs) => {
    const state = note(before, observation);
    const result = rule(state, observation, config, nowMs);
    if (result === undefined) return { state };
    const { epoch, seen } = state;
    return stepTo({ ...result.next, seen, epoch: epoch + 1 }, result.rule, before);
  },
};

/** Parses what was stored. @throws StoredRowInvalid */
export function parseTinyState(stored: unknown): TinyState {
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
  const control = ({ phase, limit, epoch }: ControlState) => ({ phase, limit, epoch });
  return { state, decision: { rule, inputs: {}, before: control(before), after: control(state) } };
}

function rule(
  state: TinyState,
  observation: Observation,
  config: LawConfig,
  nowMs: number,
): Ruling | undefined {
  switch (state.phase) {
    case "closed":
      return whileClosed(state, observation, config, nowMs);
    case "open":
      if (observation.kind !== "wake" || nowMs < (state.probeAtMs ?? 0)) return undefined;
      return observation.isQueueEmpty
        ? { rule: "queue empty", next: closedAt(1) }
        : { rule: "probe", next: probing(state, config, nowMs) };
    case "half-open":
      return whileHalfOpen(state, observation, config, nowMs);
  }
}

function whileClosed(
  state: TinyState,
  observation: Observation,
  { maxConcurrency }: LawConfig,
  nowMs: number,
): Ruling | undefined {
  if (observation.kind !== "report" || observation.epoch !== state.epoch) return undefined;
  const seen = state.seen[state.epoch] ?? NO_EVIDENCE;
  if (seen.faultCount >= TRIP_FAULT_COUNT)
    return { rule: "trip", next: openUntil(nowMs + OPEN_MS, state, 0) };
  if (seen.okCount < RAISE_OK_COUNT || state.limit >= maxConcurrency) return undefined;
  return { rule: "raise", next: closedAt(state.limit + 1) };
}

function whileHalfOpen(
  state: TinyState,
  observation: Observation,
  config: LawConfig,
  nowMs: number,
): Ruling | undefined {
  if (observation.kind === "wake") {
    if (nowMs < (state.probeUntilMs ?? 0)) return undefined;
    return { rule: "probe again", next: probing(state, config, nowMs) };
  }
  if (observation.epoch !== state.epoch) return undefined;
  if (observation.kind === "probe-missed") {
    return { rule: "missed", next: openUntil(nowMs + MISSED_MS, state, state.failedProbeCount) };
  }
  const seen = state.seen[state.epoch] ?? NO_EVIDENCE;
  if (seen.faultCount > 0) {
    const failedProbeCount = state.failedProbeCount + 1;
    const untilMs = nowMs + OPEN_MS * 2 ** failedProbeCount;
    return { rule: "probe failed", next: openUntil(untilMs, state, failedProbeCount) };
  }
  return successCount(seen) > 0 ? { rule: "probe answered", next: closedAt(1) } : undefined;
}

function closedAt(limit: number): Ruling["next"] {
  return { phase: "closed", limit, failedProbeCount: 0 };
}

function openUntil(probeAtMs: number, { limit }: ControlState, failedProbeCount: number): Ruling["next"] {
  return { phase: "open", limit, probeAtMs, failedProbeCount };
}

function probing({ failedProbeCount }: TinyState, { timeoutMs }: LawConfig, nowMs: number): Ruling["next"] {
  return { phase: "half-open", limit: 1, probeUntilMs: nowMs + timeoutMs + 15_000, failedProbeCount };
}
