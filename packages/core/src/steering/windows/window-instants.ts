import type { Interval } from "../../provider/windows/intervals.ts";
import type { ClockPiece } from "./clock-pieces.ts";

/*
 * From wall times to instants. Where clocks are put forward a wall time has none, and where they are put back it has two.
 * Each choice here is the one that calls the provider less.
 */

/**
 * The instants of an opening: from where on the clock never shows less than its beginning, to where it first shows its
 * end or more. It has none if the clock skips all of it.
 */
export function openingInstants(pieces: readonly ClockPiece[], wall: Interval): Interval {
  const fromMs = lastReachedMs(pieces, wall.fromMs);
  return { fromMs, untilMs: firstReachedMs(pieces, wall.untilMs, fromMs) };
}

/**
 * The instants of a closing: from where the clock first shows its beginning or more, to where it never again shows less
 * than its end. If the clock skips the time just before its end, then it ends as much later as if the clock had not been
 * put forward: those who close may reckon so.
 */
export function closingInstants(pieces: readonly ClockPiece[], wall: Interval): Interval {
  return {
    fromMs: firstReachedMs(pieces, wall.fromMs, Number.NEGATIVE_INFINITY),
    untilMs: lastReachedMs(pieces, wall.untilMs, skippedMs),
  };
}

/** The first instant, from one on, at which the clock shows a wall time or more. */
function firstReachedMs(pieces: readonly ClockPiece[], wallMs: number, sinceMs: number): number {
  for (const { fromMs, untilMs, offsetMs } of pieces) {
    const atMs = Math.max(fromMs, sinceMs, wallMs - offsetMs);
    if (atMs < untilMs) return atMs;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * The instant from which on the clock never shows less than a wall time. A piece counts for `beyondMs` longer than it
 * lasts.
 */
function lastReachedMs(
  pieces: readonly ClockPiece[],
  wallMs: number,
  beyondMs: (piece: ClockPiece, next: ClockPiece) => number = () => 0,
): number {
  for (let at = pieces.length - 1; at >= 0; at -= 1) {
    const [piece, next] = [pieces[at], pieces[at + 1]];
    if (piece === undefined || piece.fromMs + piece.offsetMs >= wallMs) continue;
    const untilMs = piece.untilMs + (next === undefined ? 0 : beyondMs(piece, next));
    return Math.min(wallMs - piece.offsetMs, untilMs);
  }
  return Number.NEGATIVE_INFINITY;
}

function skippedMs(piece: ClockPiece, next: ClockPiece): number {
  return Math.max(0, next.offsetMs - piece.offsetMs);
}
