import type { QueueDepth } from "@sluice/core/ports";

/** Counts of a queue as they were a while ago: SQS's are approximate, and late by up to a minute. */
export interface LaggingCounts {
  /** Notes the counts from an instant on; instants only grow. */
  note(depth: QueueDepth, atMs: number): void;
  /** The counts that are told at an instant. */
  told(nowMs: number): QueueDepth;
}

const EMPTY: QueueDepth = { visibleCount: 0, inFlightCount: 0 };

/**
 * Starts with an empty queue. `countedAtMs` says as of which instant the counts are that are told now; it never
 * falls.
 */
export function createLaggingCounts(countedAtMs: (nowMs: number) => number): LaggingCounts {
  const notes: { readonly depth: QueueDepth; readonly atMs: number }[] = [];

  return {
    note(depth, atMs) {
      if (notes.at(-1)?.atMs === atMs) notes.pop();
      notes.push({ depth, atMs });
    },
    told(nowMs) {
      const asOfMs = countedAtMs(nowMs);
      const lastAt = notes.findLastIndex(({ atMs }) => atMs <= asOfMs);
      notes.splice(0, Math.max(0, lastAt));
      return lastAt === -1 ? EMPTY : (notes[0]?.depth ?? EMPTY);
    },
  };
}
