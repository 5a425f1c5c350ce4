import type { RunPart } from "../ports/run-store.ts";
import { endCountsOf, endedCount } from "./parts.ts";

/** The time that a rate is taken over: long enough for batches of slow calls, short enough to follow the limit. */
const RATE_OVER_MS = 5 * 60_000;

/**
 * Records a minute that have ended of late; undefined while none has. The ends of a part are taken for spread evenly
 * over the time from its first to its last.
 */
export function ratePerMinute(parts: readonly RunPart[], nowMs: number): number | undefined {
  const firstAtMs = Math.min(...parts.map((part) => part.firstAtMs));
  const sinceMs = Math.max(firstAtMs, nowMs - RATE_OVER_MS);
  if (!(sinceMs < nowMs)) return undefined;
  const ended = parts.reduce((sum, part) => sum + endedSince(part, sinceMs), 0);
  return ended === 0 ? undefined : (ended * 60_000) / (nowMs - sinceMs);
}

function endedSince(part: RunPart, sinceMs: number): number {
  const { firstAtMs, lastAtMs } = part;
  const count = endedCount(endCountsOf(part));
  if (firstAtMs >= sinceMs) return count;
  if (lastAtMs <= sinceMs) return 0;
  return (count * (lastAtMs - sinceMs)) / (lastAtMs - firstAtMs);
}
