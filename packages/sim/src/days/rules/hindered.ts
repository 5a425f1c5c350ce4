import type { Fault } from "../story.ts";

/** Time after a fault in which its traces are gone: an environment that stood still, a message on its way, a round. */
const TRACES_MS = 2 * 60_000;

/** A time in which news may be late, and so may a start that was let through before. */
export interface HinderedSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The times in which faults keep news from a process, or a start that it let through from the provider, by their beginning. */
export function hinderedSpans(faults: readonly Fault[], startMs: number): readonly HinderedSpan[] {
  return faults
    .filter(mayHinder)
    .map(({ fromMinute, untilMinute }) => ({
      fromMs: startMs + fromMinute * 60_000,
      untilMs: startMs + untilMinute * 60_000 + TRACES_MS,
    }))
    .toSorted((one, other) => one.fromMs - other.fromMs);
}

function mayHinder(fault: Fault): boolean {
  if ("diesAfterMs" in fault) return fault.diesAfterMs !== undefined;
  return "service" in fault || HINDERING.has(fault.kind);
}

const HINDERING: ReadonlySet<Fault["kind"]> = new Set([
  "crash",
  "freeze",
  "cold-starts",
  "no-waker",
  "late-waker",
  "foreign-answer",
  "no-concurrency",
]);
