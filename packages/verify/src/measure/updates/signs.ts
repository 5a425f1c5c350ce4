import type { RecordedInvocation } from "../../ports/journal.ts";

/** The instant at which an update shows in what the recorder was handed since; undefined if it has not shown yet. */
export interface Sign {
  /**
   * `first`: the first invocation that can be one after the update only. `last`: the last one that can be one before it only;
   * it has shown once none has come for a while.
   */
  readonly kind: "first" | "last";
  isOne(invocation: RecordedInvocation, among: readonly RecordedInvocation[]): boolean;
}

/** A mapping that was disabled hands something over. */
export const isPolling: Sign = { kind: "first", isOne: () => true };
/** A mapping that was enabled hands nothing over any more. */
export const isSilent: Sign = { kind: "last", isOne: () => true };

/** Batches become larger than they could be before. */
export function isLargerThan(batchSize: number): Sign {
  return { kind: "first", isOne: ({ messages }) => messages.length > batchSize };
}

/** Batches are not larger any more than this. */
export function isNotLargerThan(batchSize: number): Sign {
  return { kind: "last", isOne: ({ messages }) => messages.length > batchSize };
}

/** More batches run at once than could before. */
export function isMoreThan(concurrency: number): Sign {
  return { kind: "first", isOne: (one, among) => runningAt(one, among) > concurrency };
}

/** Not more batches run at once any more than this. */
export function isNotMoreThan(concurrency: number): Sign {
  return { kind: "last", isOne: (one, among) => runningAt(one, among) > concurrency };
}

/** Clocks of environments differ: an invocation counts as running only in the first part of its time. */
const SURELY_RUNNING = 0.8;

/** The invocations that run at the start of one, itself included. */
export function runningAt({ startedAtMs }: RecordedInvocation, among: readonly RecordedInvocation[]): number {
  return among.filter(
    (other) =>
      other.startedAtMs <= startedAtMs && startedAtMs < other.startedAtMs + SURELY_RUNNING * other.holdMs,
  ).length;
}
