import type { RunPart } from "../ports/run-store.ts";
import { endCountsOf, endedCount } from "./parts.ts";

/**
 * The time that a rate is taken over is half of the run so far, within these: the ramp of its first minutes says little of
 * the rest, batches of slow calls end minutes apart, and the limit changes.
 */
const RATE_OVER_MIN_MS = 10_000;
const RATE_OVER_MAX_MS = 5 * 60_000;

/**
 * Records a minute that have ended of late, or since the first where none has of late; undefined while none has at all. The
 * ends of a part are taken for spread evenly over the time from its first to its last.
 */
export function ratePerMinute(parts: readonly RunPart[], nowMs: number): number | undefined {
  const firstAtMs = Math.min(...parts.map((part) => part.firstAtMs));
  const overMs = Math.min(RATE_OVER_MAX_MS, Math.max(RATE_OVER_MIN_MS, (nowMs - firstAtMs) / 2));
  return rateOver(parts, overMs, nowMs) ?? rateOver(parts, nowMs - firstAtMs, nowMs);
}

/** The rate over so long a time, or since the first end; undefined if none was in it. */
function rateOver(parts: readonly RunPart[], overMs: number, nowMs: number): number | undefined {
  const sinceMs = Math.max(nowMs - overMs, Math.min(...parts.map((part) => part.firstAtMs)));
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
