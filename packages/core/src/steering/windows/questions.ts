import type { Calendar } from "./calendar.ts";

/** True while the provider may be called. */
export function isOpenAt(calendar: Calendar, atMs: number): boolean {
  return calendar.stretchAt(atMs).isOpen;
}

/** The first instant after one at which it opens or closes; undefined if it never does again. */
export function nextChangeMs(calendar: Calendar, atMs: number): number | undefined {
  return finite(calendar.stretchAt(atMs).untilMs);
}

/** The time in which it is open from one instant to another, in ms; none if they are the wrong way round. */
export function openMsBetween(calendar: Calendar, fromMs: number, untilMs: number): number {
  let openMs = 0;
  for (let atMs = fromMs; atMs < untilMs; ) {
    const stretch = calendar.stretchAt(atMs);
    const endMs = Math.min(stretch.untilMs, untilMs);
    if (stretch.isOpen) openMs += endMs - atMs;
    atMs = endMs;
  }
  return openMs;
}

/**
 * The first instant by which it has been open for so long since another one; undefined if it never will have been. For
 * the end of work that takes `openMs`.
 */
export function instantAfterOpenMs(calendar: Calendar, sinceMs: number, openMs: number): number | undefined {
  let leftMs = openMs;
  for (let atMs = sinceMs; ; ) {
    if (leftMs <= 0) return atMs;
    const { isOpen, untilMs } = calendar.stretchAt(atMs);
    if (isOpen && leftMs <= untilMs - atMs) return atMs + leftMs;
    if (untilMs === Number.POSITIVE_INFINITY) return undefined;
    if (isOpen) leftMs -= untilMs - atMs;
    atMs = untilMs;
  }
}

function finite(atMs: number): number | undefined {
  return Number.isFinite(atMs) ? atMs : undefined;
}
