import type { TimeLine, TimeLineStep } from "../../provider-simulator/time-line.ts";
import type { Flow, Outage, Piece } from "./pieces.ts";

/** A time for which one capacity explains all that was seen. */
export interface Regime {
  readonly fromMs: number;
  readonly untilMs: number;
  /** 0 in an outage. */
  readonly capacity: number;
  /** The bounds that were seen; without trouble there is no upper one. */
  readonly least: number;
  readonly most: number;
  readonly outage?: Outage;
}

/**
 * The regimes of a day: as few as explain it. Each time of flow gives a bound, from below where a level was well and
 * from above where one was too much; a new regime begins with a bound that contradicts those before it.
 */
export function regimesOf(pieces: readonly Piece[], maxConcurrency: number): readonly Regime[] {
  const regimes: Regime[] = [];
  for (const piece of pieces) {
    const open = regimes.at(-1);
    if (piece.kind === "unknown") continue;
    if (piece.kind === "outage") {
      const { fromMs, untilMs } = piece;
      regimes.push({ fromMs, untilMs, capacity: 0, least: 0, most: 0, outage: piece });
      continue;
    }
    const { least, most } = boundsOf(piece);
    const joint = { least: Math.max(least, open?.least ?? 0), most: Math.min(most, open?.most ?? most) };
    const { untilMs } = piece;
    // The probe that was answered is a call like those that it lets follow.
    const fromMs = open?.outage === undefined ? piece.fromMs : open.untilMs;
    if (open === undefined || open.outage !== undefined || joint.least > joint.most) {
      regimes.push({ fromMs, untilMs, capacity: 0, least, most });
    } else regimes[regimes.length - 1] = { ...open, ...joint, untilMs };
  }
  return regimes.map((regime) =>
    regime.outage ? regime : { ...regime, capacity: capacityOf(regime, maxConcurrency) },
  );
}

function boundsOf({ overload, limit, least }: Flow): { readonly least: number; readonly most: number } {
  return { least, most: overload === undefined ? Number.POSITIVE_INFINITY : Math.max(1, limit - 1) };
}

/** The middle of the bounds; the contract's where nothing was too much. */
function capacityOf({ least, most }: Pick<Regime, "least" | "most">, maxConcurrency: number): number {
  if (most === Number.POSITIVE_INFINITY) return maxConcurrency;
  return Math.round((Math.max(1, least) + most) / 2);
}

/** The capacity as a scenario's time line. */
export function capacityLine(regimes: readonly Regime[], startMs: number, usual: number): TimeLine {
  return lineOf(
    regimes.map(({ fromMs, capacity }) => ({ fromMs, value: capacity })),
    startMs,
    usual,
  );
}

/** A time line of values from instants on, in minutes with three digits; only changes are told. */
export function lineOf(
  steps: readonly { readonly fromMs: number; readonly value: number }[],
  startMs: number,
  usual: number,
): TimeLine {
  const line: [TimeLineStep, ...TimeLineStep[]] = [[0, usual]];
  for (const { fromMs, value } of steps) {
    const minute = Number((Math.max(0, fromMs - startMs) / 60_000).toFixed(3));
    const [lastMinute, lastValue] = line.at(-1) ?? line[0];
    if (minute <= lastMinute) line[line.length - 1] = [lastMinute, value];
    else if (value !== lastValue) line.push([minute, value]);
  }
  return line;
}
