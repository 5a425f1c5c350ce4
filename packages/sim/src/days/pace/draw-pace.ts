import { streamOf } from "../../world/streams.ts";
import type { PaceCase } from "./pace-story.ts";

const X_MAX = 60;
const LATENCY = { minMs: 150, maxMs: 25_000 };
/** Records of a run, in calls of each permit: enough that a third of them says something, few enough to be run. */
const CALLS_PER_PERMIT = { min: 15, max: 80 };
/** More would take too long to run. */
const COUNT_MAX = 2_000;
/** Steady runs last for so long at least: a run of a few seconds has nothing to foretell. */
const LASTS_MS = 60_000;

/** Draws a run: how many records, at how many calls at once, of what length. */
export function drawPace(seed: number): PaceCase {
  const random = streamOf(seed, "pace");
  const between = (min: number, max: number) => min * (max / min) ** random.next();
  const maxConcurrency = Math.round(between(1, X_MAX));
  const latencyMs = 50 * Math.round(between(LATENCY.minMs, LATENCY.maxMs) / 50);
  const calls = Math.max(LASTS_MS / latencyMs, between(CALLS_PER_PERMIT.min, CALLS_PER_PERMIT.max));
  return { maxConcurrency, latencyMs, count: Math.min(COUNT_MAX, Math.round(calls * maxConcurrency)) };
}
