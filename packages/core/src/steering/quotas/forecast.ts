/** The use of a day's quota so far, and what waits. */
export interface DayUse {
  readonly requests: number;
  readonly usedCount: number;
  /** Starts a minute at present. */
  readonly startsPerMinute: number;
  /** Records that wait to be started. */
  readonly queuedCount: number;
  readonly nowMs: number;
  /** The instant at which the quota resets. */
  readonly resetsAtMs: number;
}

/** The future of a day's quota if all goes on as at present. */
export interface Forecast {
  /** The instant at which it is used up; absent if it lasts until the reset, or until the queue is empty. */
  readonly usedUpAtMs?: number;
  /** Records that will still wait at the reset because of the quota. */
  readonly waitingCount: number;
}

/** Foretells when a day's quota is used up, and how many records wait until tomorrow; each takes one start. */
export function forecastOf(use: DayUse): Forecast {
  const { requests, usedCount, startsPerMinute, queuedCount, nowMs, resetsAtMs } = use;
  const leftCount = Math.max(0, requests - usedCount);
  const waitingCount = Math.max(0, queuedCount - leftCount);
  if (leftCount === 0) return { usedUpAtMs: nowMs, waitingCount };
  if (waitingCount === 0 || startsPerMinute <= 0) return { waitingCount: 0 };
  const usedUpAtMs = nowMs + (leftCount / startsPerMinute) * 60_000;
  return usedUpAtMs < resetsAtMs ? { usedUpAtMs, waitingCount } : { waitingCount: 0 };
}
