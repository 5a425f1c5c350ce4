import { FOR_EVER_MS } from "../orders/orders-in-force.ts";
import { CLOCK_SKEW_MS } from "../permits/lease.ts";
import { type Refused, refused } from "./answer.ts";

/** The time of an order, as an operator says it: for a while, or until an instant. */
export interface TimeRequest {
  /** The time that it lasts; `ever` has to be said. */
  readonly forMs?: number | "ever";
  /** The instant of its end, in place of `forMs`. */
  readonly untilMs?: number;
}

/** The time of an order. */
export interface OrderTimes {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Shortest order: a shorter one would be over before each process has heard of it. */
const LENGTH_MIN_MS = 10_000;

/** The times of an order that begins now, or its refusal. It has begun then on each host's clock. */
export function timesFromNow(
  request: TimeRequest,
  nowMs: number,
  bounds: { readonly usualMs: number; readonly maxMs: number },
): OrderTimes | Refused {
  const times = orderTimesOf(request, nowMs, bounds);
  return "kind" in times ? times : { ...times, fromMs: nowMs - CLOCK_SKEW_MS };
}

/** The times of an order that begins at `fromMs`, or its refusal. */
export function orderTimesOf(
  { forMs, untilMs }: TimeRequest,
  fromMs: number,
  { usualMs, maxMs }: { readonly usualMs: number; readonly maxMs: number },
): OrderTimes | Refused {
  if (forMs !== undefined && untilMs !== undefined) {
    return refused("time-invalid", "Say for how long or until when, not both");
  }
  if (forMs === "ever") {
    if (maxMs === FOR_EVER_MS) return { fromMs, untilMs: FOR_EVER_MS };
    return refused("time-too-long", `It lasts for ${maxMs / 60_000} minutes at most`);
  }
  const endMs = untilMs ?? fromMs + (forMs ?? usualMs);
  if (!Number.isSafeInteger(endMs) || endMs - fromMs < LENGTH_MIN_MS) {
    return refused("time-invalid", `It has to last for ${LENGTH_MIN_MS / 1_000} seconds at least`);
  }
  if (endMs - fromMs > Math.min(maxMs, LENGTH_MAX_MS)) return tooLong(maxMs);
  return { fromMs, untilMs: endMs };
}

/** Longest order with an end: a slip in a date must not hold a provider for years. */
const LENGTH_MAX_MS = 31 * 24 * 60 * 60_000;

function tooLong(maxMs: number): Refused {
  if (maxMs < LENGTH_MAX_MS) {
    return refused("time-too-long", `It lasts for ${maxMs / 60_000} minutes at most`);
  }
  return refused("time-too-long", "It lasts for 31 days at most, unless it is said to last for ever");
}
