import { answeredCount, type Epoch, meanLatencyMs } from "./epochs.ts";
import type { Reading, Sign } from "./read-decision.ts";

/** A time in which the provider was alike, as far as one epoch shows. */
export type Piece =
  | Flow
  | Outage
  | { readonly kind: "unknown"; readonly fromMs: number; readonly untilMs: number };

/** A time in which calls flowed. */
export interface Flow {
  readonly kind: "flow";
  readonly fromMs: number;
  readonly untilMs: number;
  readonly limit: number;
  readonly epoch: Epoch;
  /** At least so many requests at once were borne; 0: nothing is known. */
  readonly least: number;
  /** The limit was too much, in this form; absent where all was well. */
  readonly overload?: Sign;
  /** Trouble that load had nothing to do with showed in this time. */
  readonly trouble?: Extract<Reading, { kind: "trouble" }>;
}

/** A time in which nothing was answered. */
export interface Outage {
  readonly kind: "outage";
  readonly fromMs: number;
  /** The start of the probe that was answered. */
  readonly untilMs: number;
  /** The start of the last probe that was not, or the trip. */
  readonly stillAtMs: number;
  readonly isHang: boolean;
  /** No probe was answered before the events end. */
  readonly isOpenEnded: boolean;
}

/** Time of a call that fails without a timeout, and of its report, in ms. */
const QUICK_FAULT_MS = 1_000;
/** Time from the first cut for faults to the trip, within which they are one outage. */
const OUTAGE_BEGINS_MAX_MS = 2 * 60_000;
/** Share of calls in trouble up to which a time is well. */
const WELL_SHARE = 0.1;
/** Share of its limit in flight from which a level counts as used. */
const USED_SHARE = 0.5;
/** Calls that show that a level is well, at least. */
const WELL_MIN = 10;

/** Cuts epochs into pieces: one that ends in trouble was mostly well before the trouble began. */
export function piecesOf(epochs: readonly Epoch[], timeoutMs: number): readonly Piece[] {
  const innocent = innocentEpochs(epochs);
  const pieces = epochs.flatMap((epoch, at): readonly Piece[] => {
    const { control, fromMs, untilMs, end } = epoch;
    if (control.phase !== "closed") {
      return control.reason === "environment" ? [{ kind: "unknown", fromMs, untilMs }] : [];
    }
    if (end?.kind === "tripped") {
      const outage = outageFrom(epochs, at, timeoutMs);
      return [...flowBefore(epoch, outage.fromMs), outage];
    }
    if (end?.kind !== "trouble") return [wholeFlow(epoch)];
    const onsetMs = end.isTrial ? fromMs : onsetOf(epoch, end);
    const before = flowBefore(epoch, onsetMs);
    const troubled = { ...flowOf(epoch, before.length > 0 ? onsetMs : fromMs, untilMs), least: 0 };
    return [...before, { ...troubled, ...(innocent.has(epoch) ? { trouble: end } : { overload: end.sign }) }];
  });
  return withWholeOutages(pieces);
}

/** Outages begun where faults first lowered the limit, if the trip followed at once: an outage may begin bit by bit. */
function withWholeOutages(pieces: readonly Piece[]): readonly Piece[] {
  const whole: Piece[] = [];
  for (const piece of pieces) {
    let next = piece;
    for (let last = whole.at(-1); next.kind === "outage" && last?.kind === "flow"; last = whole.at(-1)) {
      if (last.overload !== "faults" || next.fromMs - last.fromMs > OUTAGE_BEGINS_MAX_MS) break;
      next = { ...next, fromMs: last.fromMs };
      whole.pop();
    }
    whole.push(next);
  }
  return whole;
}

function flowOf(epoch: Epoch, fromMs: number, untilMs: number): Flow {
  return { kind: "flow", fromMs, untilMs, limit: epoch.control.limit, epoch, least: 0 };
}

function wholeFlow(epoch: Epoch): Flow {
  const flow = flowOf(epoch, epoch.fromMs, epoch.untilMs);
  if (epoch.end?.kind === "given-in") return flow;
  return { ...flow, least: epoch.end?.kind === "raised" ? flow.limit : usedCount(epoch) };
}

/** The requests at once that an epoch is known to have had: its limit if that was in use. */
function usedCount({ control: { limit }, seen }: Epoch): number {
  if (seen === undefined || seen.forMs === 0 || answeredCount(seen) < Math.max(WELL_MIN, limit)) return 0;
  const inFlight = (answeredCount(seen) * meanLatencyMs(seen)) / seen.forMs;
  return inFlight >= USED_SHARE * limit ? limit : Math.ceil(inFlight);
}

/** The part of an epoch before its trouble, if there is one, and enough was well in it. */
function flowBefore(epoch: Epoch, onsetMs: number): readonly Flow[] {
  const { fromMs, untilMs, seen, end } = epoch;
  const share = (onsetMs - fromMs) / Math.max(1, untilMs - fromMs);
  const troubled = end?.kind === "trouble" || end?.kind === "tripped" ? troubleCounts(end) : undefined;
  if (share <= 0 || seen === undefined || troubled === undefined) return [];
  const calls = (seen.calls ?? 0) - troubled.calls;
  const bad = (seen.throttled ?? 0) + (seen.faults ?? 0) - troubled.bad;
  if (calls < Math.max(WELL_MIN, epoch.control.limit)) return [];
  const isWell = bad <= WELL_SHARE * calls || (end?.kind === "trouble" && end.sign !== "throttled");
  return [{ ...flowOf(epoch, fromMs, onsetMs), least: isWell ? usedCount(epoch) : 0 }];
}

function troubleCounts(end: Extract<Reading, { kind: "trouble" | "tripped" }>) {
  if (end.kind === "tripped") return { calls: end.faults, bad: end.faults };
  return { calls: end.calls, bad: Math.round((end.share ?? 1) * end.calls) };
}

/** The instant at which the trouble of an epoch began: before as many calls as it showed in. */
function onsetOf(
  { fromMs, untilMs, seen, control }: Epoch,
  { calls, medianMs }: Extract<Reading, { kind: "trouble" }>,
): number {
  if (seen === undefined) return fromMs;
  const callMs =
    medianMs === undefined
      ? seen.forMs / Math.max(1, seen.calls ?? 0)
      : meanLatencyMs({ medianMs, sigma: seen.sigma ?? 0 }) / control.limit;
  return Math.max(fromMs, untilMs - calls * callMs - meanLatencyMs(seen));
}

/** The outage that a trip begins, from its first fault until the probe that was answered. */
function outageFrom(epochs: readonly Epoch[], tripAt: number, timeoutMs: number): Outage {
  const { fromMs, untilMs, control, end } = epochs[tripAt] as Epoch;
  const { faults, timeouts } = end as Extract<Reading, { kind: "tripped" }>;
  const callMs = timeouts > 0 ? timeoutMs : QUICK_FAULT_MS;
  const firstFaultMs = untilMs - Math.max(1, Math.ceil(faults / control.limit)) * callMs;
  const later = epochs.slice(tripAt + 1);
  const closes = later.findIndex((epoch) => epoch.end?.kind === "closed");
  const isOpenEnded = closes < 0;
  const down = isOpenEnded ? later : later.slice(0, closes);
  const failed = down.filter(
    (epoch) => epoch.end?.kind === "probe-failed" && epoch.control.phase === "half-open",
  );
  return {
    kind: "outage",
    fromMs: Math.max(fromMs, firstFaultMs),
    untilMs: (isOpenEnded ? later.at(-1)?.untilMs : later[closes]?.fromMs) ?? untilMs,
    stillAtMs: failed.at(-1)?.fromMs ?? untilMs,
    isHang: timeouts > 0,
    isOpenEnded,
  };
}

/** The epochs whose trouble a later decision took for usual, because lowering the limit had not cured it. */
function innocentEpochs(epochs: readonly Epoch[]): ReadonlySet<Epoch> {
  const innocent = new Set<Epoch>();
  let since: Epoch[] = [];
  for (const epoch of epochs) {
    const { end, control } = epoch;
    if (control.phase !== "closed" || end?.kind === "tripped") since = [];
    else if (end?.kind === "trouble") since.push(epoch);
    else if (end?.kind === "given-in") {
      for (const one of since) if (isAlike(one.end, end.sign)) innocent.add(one);
      since = [];
    }
  }
  return innocent;
}

function isAlike(end: Reading | undefined, sign: Sign): boolean {
  if (end?.kind !== "trouble") return false;
  return end.sign === sign || [end.sign, sign].every((one) => one === "slow" || one === "latency");
}
