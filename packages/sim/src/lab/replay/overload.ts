import type { Overload } from "../../provider-simulator/scenario.ts";
import { flowsOf } from "./calls.ts";
import type { Regime } from "./capacity.ts";
import type { Piece } from "./pieces.ts";

/** The provider's way with too many requests, and how many times it showed in each form. */
export interface OverloadRead extends Overload {
  readonly counts: Readonly<Record<"throttled" | "longer" | "faults" | "hanging outages", number>>;
  /** The exponent was seen, at limits well above the capacity. */
  readonly isExponentSeen: boolean;
}

/** The steepness that is assumed where none was seen. */
const USUAL_EXPONENT = 1.5;
const EXPONENT_MIN = 0.5;
const EXPONENT_MAX = 4;
/** Load, as a share of the capacity, from which longer calls tell how steep they grow. */
const TELLING_LOAD = 1.3;

/**
 * Reads what the provider does with too many: it refuses if any refusal lowered the limit, else its calls stretch if
 * longer ones did, else they hang if an outage did.
 */
export function overloadOf(
  pieces: readonly Piece[],
  regimes: readonly Regime[],
  usualMs: number,
): OverloadRead {
  const flows = flowsOf(pieces);
  const countOf = (isOne: (sign: string) => boolean) =>
    flows.filter(({ overload }) => overload !== undefined && isOne(overload)).length;
  const counts = {
    throttled: countOf((sign) => sign === "throttled"),
    longer: countOf((sign) => sign === "latency" || sign === "slow"),
    faults: countOf((sign) => sign === "faults"),
    "hanging outages": pieces.filter((piece) => piece.kind === "outage" && piece.isHang).length,
  };
  const exponent = exponentOf(pieces, regimes, usualMs);
  return {
    mode: modeOf(counts),
    exponent: exponent ?? USUAL_EXPONENT,
    retryAfterSeconds: retryAfterSecondsOf(pieces),
    counts,
    isExponentSeen: exponent !== undefined,
  };
}

function modeOf(counts: OverloadRead["counts"]): Overload["mode"] {
  if (counts.throttled > 0) return "reject";
  if (counts.longer > 0) return "stretch";
  if (counts["hanging outages"] > 0) return "hang";
  return counts.faults > 0 ? "collapse" : "reject";
}

/** The mean of the holds that refusals brought, in whole seconds; null if none did. */
function retryAfterSecondsOf(pieces: readonly Piece[]): number | null {
  const seen = [...new Set(flowsOf(pieces).map(({ epoch }) => epoch.seen))].flatMap((one) => one ?? []);
  const count = seen.reduce((sum, { held = 0 }) => sum + held, 0);
  const totalMs = seen.reduce((sum, { held = 0, holdMs = 0 }) => sum + held * holdMs, 0);
  return count === 0 ? null : Math.round(totalMs / count / 1_000);
}

/** The median of ln(times longer) / ln(times too many) over the times of overload; undefined if none tells. */
function exponentOf(
  pieces: readonly Piece[],
  regimes: readonly Regime[],
  usualMs: number,
): number | undefined {
  const slopes = flowsOf(pieces).flatMap(({ fromMs, limit, overload, epoch: { end } }) => {
    const capacity = regimes.findLast((one) => one.fromMs <= fromMs)?.capacity ?? 0;
    if (overload !== "latency" || end?.kind !== "trouble" || end.medianMs === undefined) return [];
    const load = limit / Math.max(1, capacity);
    return load < TELLING_LOAD ? [] : [Math.log(end.medianMs / usualMs) / Math.log(load)];
  });
  const middle = slopes.toSorted((one, other) => one - other)[Math.floor(slopes.length / 2)];
  return middle === undefined
    ? undefined
    : Number(Math.min(EXPONENT_MAX, Math.max(EXPONENT_MIN, middle)).toFixed(2));
}
