/** The times in which a provider wants no requests, by its Retry-After. Instants must not go back. */
export interface RetryAfterWatch {
  /** Takes note of an answer with Retry-After. */
  announce(atMs: number, retryAfterMs: number): void;
  /** True if a request that starts now disregards an announcement. */
  isClosed(atMs: number): boolean;
}

interface Interval {
  readonly fromMs: number;
  untilMs: number;
}

/**
 * Starts without an announcement. Starts within `graceMs` after one are excused, because the news needs time to get
 * around.
 */
export function createRetryAfterWatch(graceMs: number): RetryAfterWatch {
  /** Ascending and apart: overlapping announcements are one interval. */
  let intervals: Interval[] = [];

  function announce(atMs: number, retryAfterMs: number): void {
    const fromMs = atMs + graceMs;
    const untilMs = atMs + retryAfterMs;
    if (untilMs <= fromMs) return;
    const last = intervals.at(-1);
    if (last !== undefined && fromMs <= last.untilMs) last.untilMs = Math.max(last.untilMs, untilMs);
    else intervals.push({ fromMs, untilMs });
  }

  function isClosed(atMs: number): boolean {
    intervals = intervals.filter(({ untilMs }) => atMs < untilMs);
    return intervals.some(({ fromMs }) => fromMs < atMs);
  }

  return { announce, isClosed };
}
