import type { AccessWindows } from "../../provider/windows/access-windows.ts";
import { difference, type Interval, union } from "../../provider/windows/intervals.ts";
import { DAY_MS, type WallWindows, wallWindowsOf } from "../../provider/windows/wall-windows.ts";
import { weekOf } from "../../provider/windows/week.ts";
import { ALWAYS_OPEN, type Calendar, grown, remembering, type Stretch } from "./calendar.ts";
import { clockPiecesOf } from "./clock-pieces.ts";
import { closingInstants, openingInstants } from "./window-instants.ts";

/** Openings are worked out by chunks of two weeks. */
const CHUNK_MS = 14 * DAY_MS;
/** Distance from a chunk at which windows that begin, by any zone's clock, can't reach into it. */
const PAD_MS = 3 * DAY_MS;
/** Chunks kept: questions over some weeks need a few. */
const CHUNKS_KEPT = 8;

/** The calendar of valid windows in a time zone. */
export function calendarOf(windows: AccessWindows | undefined, timeZone: string): Calendar {
  if (windows === undefined) return ALWAYS_OPEN;
  const wall = wallWindowsOf(windows);
  const openingsIn = keeping((chunk) => openingsOf(wall, timeZone, spanOf(chunk)));
  const pieceAt = (atMs: number) => pieceOf(openingsIn(chunkAt(atMs)), spanOf(chunkAt(atMs)), atMs);
  const { before, after } = busyChunksOf(wall);
  return remembering((atMs) =>
    grown(
      pieceAt(atMs),
      (fromMs) => {
        const chunk = before(chunkAt(fromMs - 1));
        return chunk === undefined ? undefined : pieceAt(Math.min(fromMs, spanOf(chunk).untilMs) - 1);
      },
      (untilMs) => {
        const chunk = after(chunkAt(untilMs));
        return chunk === undefined ? undefined : pieceAt(Math.max(untilMs, spanOf(chunk).fromMs));
      },
    ),
  );
}

/**
 * The nearest chunks, from one on, in which something may change: every one, unless nothing changes in an ordinary week;
 * then only those that the dates reach into.
 */
function busyChunksOf(wall: WallWindows): Record<"before" | "after", (chunk: number) => number | undefined> {
  if (weekOf(wall).kind === "changing") return { before: (chunk) => chunk, after: (chunk) => chunk };
  const chunks = wall.datesMs
    .flatMap((dateMs) => [chunkAt(dateMs - PAD_MS), chunkAt(dateMs + DAY_MS + PAD_MS)])
    .toSorted((a, b) => a - b);
  return {
    before: (chunk) => chunks.findLast((busy) => busy <= chunk),
    after: (chunk) => chunks.find((busy) => busy >= chunk),
  };
}

function openingsOf(wall: WallWindows, timeZone: string, chunk: Interval): Interval[] {
  const padded = { fromMs: chunk.fromMs - PAD_MS, untilMs: chunk.untilMs + PAD_MS };
  const pieces = clockPiecesOf(timeZone, padded);
  const open = wall.open(padded).map((opening) => openingInstants(pieces, opening));
  const closed = wall.closed(padded).map((closing) => closingInstants(pieces, closing));
  return difference(union(open), union(closed))
    .map(({ fromMs, untilMs }) => ({
      fromMs: Math.max(fromMs, chunk.fromMs),
      untilMs: Math.min(untilMs, chunk.untilMs),
    }))
    .filter(({ fromMs, untilMs }) => fromMs < untilMs);
}

/** The piece of a chunk that an instant lies in. */
function pieceOf(openings: readonly Interval[], chunk: Interval, atMs: number): Stretch {
  const opening = openings.find(({ untilMs }) => atMs < untilMs);
  if (opening !== undefined && opening.fromMs <= atMs) return { isOpen: true, ...opening };
  return {
    isOpen: false,
    fromMs: openings.findLast(({ untilMs }) => untilMs <= atMs)?.untilMs ?? chunk.fromMs,
    untilMs: opening?.fromMs ?? chunk.untilMs,
  };
}

function chunkAt(atMs: number): number {
  return Math.floor(atMs / CHUNK_MS);
}

function spanOf(chunk: number): Interval {
  return { fromMs: chunk * CHUNK_MS, untilMs: (chunk + 1) * CHUNK_MS };
}

function keeping<T>(make: (chunk: number) => T): (chunk: number) => T {
  const kept = new Map<number, T>();
  return (chunk) => {
    const known = kept.get(chunk);
    if (known !== undefined) return known;
    const made = make(chunk);
    if (kept.size >= CHUNKS_KEPT) kept.clear();
    kept.set(chunk, made);
    return made;
  };
}
