import { Unreachable } from "@sluice/core/errors";
import type { Queue, QueueEntry, SendFailure, VisibilityChange } from "@sluice/core/ports/queue";

/** A queue that remembers what it was told, and fails when a test tells it to. */
export interface MemoryQueue extends Queue {
  /** What was sent, first copies only: a repeated deduplication id is swallowed, as SQS does. */
  readonly entries: readonly QueueEntry[];
  readonly changes: readonly VisibilityChange[];
  /** Sends, the refused ones included. */
  readonly sendCount: number;
  /** The next `count` calls find the queue unreachable. */
  failNext(count: number): void;
  /** Decides for each further entry whether it is refused. */
  refuse(rule: (entry: QueueEntry) => Omit<SendFailure, "index"> | undefined): void;
}

export function createMemoryQueue(): MemoryQueue {
  const entries = new Map<string, QueueEntry>();
  const changes: VisibilityChange[] = [];
  let failures = 0;
  let sendCount = 0;
  let ruleOf: (entry: QueueEntry) => Omit<SendFailure, "index"> | undefined = () => undefined;

  function answer(): void {
    if (failures === 0) return;
    failures -= 1;
    throw new Unreachable("the memory queue", "told to fail");
  }

  return {
    changes,
    get entries() {
      return [...entries.values()];
    },
    get sendCount() {
      return sendCount;
    },
    failNext: (count) => {
      failures = count;
    },
    refuse: (rule) => {
      ruleOf = rule;
    },
    async send(batch) {
      sendCount += 1;
      answer();
      return batch.flatMap((entry, index): SendFailure[] => {
        const failure = ruleOf(entry);
        if (failure !== undefined) return [{ index, ...failure }];
        if (!entries.has(entry.deduplicationId)) entries.set(entry.deduplicationId, entry);
        return [];
      });
    },
    async changeVisibility(more) {
      answer();
      changes.push(...more);
    },
    depth: async () => ({ visibleCount: entries.size, inFlightCount: 0 }),
  };
}
