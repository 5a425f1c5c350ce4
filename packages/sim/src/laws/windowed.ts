import * as z from "zod";
import type { Limiter } from "./limiter.ts";
import type { Sample } from "./sample.ts";

/** A windowed limiter's memory: the limiter's own, and the window that is open. */
export interface Windowed<Memory> {
  readonly memory: Memory;
  /** The instant at which the last window was closed; absent at first. */
  readonly sinceMs?: number;
  readonly successCount: number;
  readonly rttSumMs: number;
  readonly dropCount: number;
  readonly inFlightMax: number;
}

const WINDOW_MS = 1_000;
const WINDOW_CALLS = 10;
const EMPTY = { successCount: 0, rttSumMs: 0, dropCount: 0, inFlightMax: 0 } as const;

/**
 * Puts a window before a limiter: it sees one sample for a second and ten calls at least, with the mean round
 * trip, the most requests in flight, and dropped if any call was.
 *
 * Source: https://github.com/Netflix/concurrency-limits, commit 78a74b9,
 * `concurrency-limits-core/src/main/java/com/netflix/concurrency/limits/limit/WindowedLimit.java`.
 *
 * Adapted: a window that has fewer than ten calls after a second stays open until it has them. The source
 * throws it away, which with calls of seconds would be nearly every one.
 */
export function windowed<Memory>(name: string, limiter: Limiter<Memory>): Limiter<Windowed<Memory>> {
  const count = z.int().min(0);
  return {
    name,
    memorySchema: z.object({
      memory: limiter.memorySchema,
      sinceMs: z.exactOptional(z.number()),
      successCount: count,
      rttSumMs: z.number().min(0),
      dropCount: count,
      inFlightMax: count,
    }) as unknown as z.ZodType<Windowed<Memory>>,
    startAt: (limit) => ({ ...EMPTY, memory: limiter.startAt(limit) }),
    restart: ({ memory }) => ({ ...EMPTY, memory: limiter.restart(memory) }),
    limitOf: ({ memory }) => limiter.limitOf(memory),
    update: ({ memory, sinceMs, ...window }, sample, config, nowMs) => {
      const grown = plusSample(window, sample);
      const isYoung = sinceMs !== undefined && nowMs - sinceMs < WINDOW_MS;
      if (isYoung || grown.successCount + grown.dropCount < WINDOW_CALLS) {
        return sinceMs === undefined ? { ...grown, memory } : { ...grown, memory, sinceMs };
      }
      return {
        ...EMPTY,
        memory: limiter.update(memory, sampleOfWindow(grown), config, nowMs),
        sinceMs: nowMs,
      };
    },
  };
}

type Window = Omit<Windowed<unknown>, "memory" | "sinceMs">;

function plusSample(window: Window, { rttMs = 0, successCount, dropCount, inFlightCount }: Sample): Window {
  return {
    successCount: window.successCount + successCount,
    rttSumMs: window.rttSumMs + rttMs * successCount,
    dropCount: window.dropCount + dropCount,
    inFlightMax: Math.max(window.inFlightMax, inFlightCount),
  };
}

function sampleOfWindow({ successCount, rttSumMs, dropCount, inFlightMax }: Window): Sample {
  const sample = { successCount, dropCount, inFlightCount: inFlightMax };
  return successCount === 0 ? sample : { ...sample, rttMs: rttSumMs / successCount };
}
