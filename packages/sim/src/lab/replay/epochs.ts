import type { Control, Seen } from "@sluice/core/law";
import type { ReplayedEvents, TimedDecision } from "./parse-events.ts";
import { type Reading, readDecision } from "./read-decision.ts";

/** The time that one control was in force, as far as the events tell. */
export interface Epoch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly control: Control;
  /** Calls that started in it; absent where its decision does not tell, and in the last one. */
  readonly seen?: Seen;
  /** The way in which it ended; absent for the last one. */
  readonly end?: Reading;
}

const MINUTE_MS = 60_000;
/** The most that is replayed of the calm before the first decision, which may have lasted for days. */
const LEAD_MAX_MS = 60 * MINUTE_MS;
/** The time that is added after the last decision, if no later event shows that time went on. */
const TAIL_MS = 10 * MINUTE_MS;

/** The epochs between decisions, with the time before the first and after the last one. */
export function epochsOf({ decisions, fromMs, untilMs }: ReplayedEvents): readonly Epoch[] {
  const [first] = decisions as readonly [TimedDecision];
  const last = decisions.at(-1) ?? first;
  const leadMs = Math.min(LEAD_MAX_MS, first.seen?.forMs ?? 0);
  let startMs = Math.max(first.atMs - LEAD_MAX_MS, Math.min(fromMs, first.atMs - leadMs));
  const epochs = decisions.map((decision): Epoch => {
    const epoch = {
      fromMs: startMs,
      untilMs: decision.atMs,
      control: decision.before,
      ...(decision.seen && { seen: decision.seen }),
      end: readDecision(decision),
    };
    startMs = decision.atMs;
    return epoch;
  });
  const endMs = Math.max(untilMs, last.atMs + TAIL_MS);
  return [...epochs, { fromMs: last.atMs, untilMs: endMs, control: last.after }];
}

/** Mean latency of answered calls, in ms: a log-normal's, by its median and sigma. */
export function meanLatencyMs({ medianMs = 0, sigma = 0 }: Pick<Seen, "medianMs" | "sigma">): number {
  return medianMs * Math.exp(sigma ** 2 / 2);
}

/** Calls that were answered as asked. */
export function answeredCount({ calls = 0, faults = 0, throttled = 0, rejected = 0 }: Seen): number {
  return Math.max(0, calls - faults - throttled - rejected);
}

/** Mean latencies after which the calls of an epoch that have ended are a fair sample: the first ones are short. */
const SETTLING_MEANS = 5;

/** True if the calls of an epoch that have ended tell how long its calls take, and how many it makes. */
export function isSettled(seen: Seen): boolean {
  return seen.forMs >= SETTLING_MEANS * meanLatencyMs(seen);
}
