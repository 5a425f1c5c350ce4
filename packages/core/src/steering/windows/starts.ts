import type { Calendar, Stretch } from "./calendar.ts";

/** Starts are looked for no further ahead than this, in ms; whatever waits has been given up by then. */
const AHEAD_MAX_MS = 366 * 24 * 60 * 60_000;

/** True if a call may start that may last so long: it is over by the next closing. */
export function mayStart(calendar: Calendar, atMs: number, longestCallMs: number): boolean {
  const stretch = calendar.stretchAt(atMs);
  return stretch.isOpen && atMs <= lastStartOf(stretch, longestCallMs);
}

/**
 * The last instant of the present opening at which a call may start that may last so long: infinity if it never closes.
 * It may have passed. Undefined while it is closed, and in an opening that is too short.
 */
export function lastStartMs(calendar: Calendar, atMs: number, longestCallMs: number): number | undefined {
  const stretch = calendar.stretchAt(atMs);
  const lastMs = lastStartOf(stretch, longestCallMs);
  return stretch.isOpen && stretch.fromMs <= lastMs ? lastMs : undefined;
}

/**
 * The first instant from one on at which a call may start that may last so long; undefined if there is none within a
 * year.
 */
export function nextStartMs(calendar: Calendar, atMs: number, longestCallMs: number): number | undefined {
  for (let candidateMs = atMs; candidateMs <= atMs + AHEAD_MAX_MS; ) {
    const stretch = calendar.stretchAt(candidateMs);
    if (stretch.isOpen && candidateMs <= lastStartOf(stretch, longestCallMs)) return candidateMs;
    candidateMs = stretch.untilMs;
  }
  return undefined;
}

function lastStartOf({ untilMs }: Stretch, longestCallMs: number): number {
  return untilMs - longestCallMs;
}
