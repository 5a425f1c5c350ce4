import type { Interval } from "../../provider/windows/intervals.ts";

/** A time in which a zone's clocks are off UTC by the same; wall time is epoch ms and offset. */
export interface ClockPiece extends Interval {
  readonly offsetMs: number;
}

/**
 * Distance of the instants at which offsets are compared: changes of one zone that undo each other in less would not be
 * seen. Any two of the years 2020 to 2035 are four weeks apart at least.
 */
const STEP_MS = 7 * 24 * 60 * 60_000;
/** Changes are at whole seconds. */
const SECOND_MS = 1_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** A zone's pieces over a span of whole seconds, in order. The first and the last one have no end. */
export function clockPiecesOf(timeZone: string, span: Interval): ClockPiece[] {
  const pieces: ClockPiece[] = [];
  let fromMs = Number.NEGATIVE_INFINITY;
  let offsetMs = offsetAt(timeZone, span.fromMs);
  for (let atMs = span.fromMs; atMs < span.untilMs; atMs += STEP_MS) {
    const laterMs = Math.min(atMs + STEP_MS, span.untilMs);
    const laterOffsetMs = offsetAt(timeZone, laterMs);
    if (laterOffsetMs === offsetMs) continue;
    const changeMs = firstChangeMs(timeZone, atMs, laterMs);
    pieces.push({ fromMs, untilMs: changeMs, offsetMs });
    fromMs = changeMs;
    offsetMs = laterOffsetMs;
  }
  return [...pieces, { fromMs, untilMs: Number.POSITIVE_INFINITY, offsetMs }];
}

/** Halves the time between two instants of different offsets until the change is found. */
function firstChangeMs(timeZone: string, fromMs: number, untilMs: number): number {
  const offsetMs = offsetAt(timeZone, fromMs);
  let [before, after] = [fromMs / SECOND_MS, untilMs / SECOND_MS];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(timeZone, middle * SECOND_MS) === offsetMs) before = middle;
    else after = middle;
  }
  return after * SECOND_MS;
}

function offsetAt(timeZone: string, atMs: number): number {
  return Date.parse(`${formatFor(timeZone).format(atMs).replace(" ", "T")}Z`) - atMs;
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // The Swedish locale writes dates and times nearly as ISO 8601 does.
    format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
    formats.set(timeZone, format);
  }
  return format;
}
