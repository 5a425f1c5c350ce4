import { createFifoContents, type FifoContents, type FifoContentsOptions } from "../fifo-contents.ts";
import type { FifoEntry } from "../fifo-message.ts";

/** The visibility timeout of a harness's queue. */
export const VISIBILITY_MS = 30_000;

/** The contents of a queue whose time passes when a test says so. */
export interface ContentsHarness {
  readonly contents: FifoContents;
  /** Lets time pass. */
  pass(durationMs: number): void;
  /** Sends messages of a group, each named by its body. */
  send(groupId: string, ...bodies: readonly string[]): void;
  /** Receives messages; their bodies. */
  take(maxMessages?: number): string[];
  /** The handle of the last receive of a message, by its body. */
  handleOf(body: string): string;
}

/** Makes contents that are empty; options that are left out are those of Sluice's queues. */
export function createContentsHarness(options: Partial<FifoContentsOptions> = {}): ContentsHarness {
  let nowMs = 0;
  const handles = new Map<string, string>();
  const contents = createFifoContents({
    clock: { nowMs: () => nowMs, sleep: async () => {} },
    visibilityTimeoutMs: VISIBILITY_MS,
    makeUp: (index) => ({ groupId: `group-${index}`, body: `body-${index}` }),
    ...options,
  });
  return {
    contents,
    pass(durationMs) {
      nowMs += durationMs;
    },
    send(groupId, ...bodies) {
      for (const body of bodies) contents.send(entryOf(groupId, body));
    },
    take(maxMessages = 10) {
      const taken = contents.take(maxMessages);
      for (const { body, receiptHandle } of taken) handles.set(body, receiptHandle);
      return taken.map(({ body }) => body);
    },
    handleOf: (body) => handles.get(body) ?? "",
  };
}

/** A message whose deduplication id is its body. */
export function entryOf(groupId: string, body: string): FifoEntry {
  return { groupId, deduplicationId: body, body };
}
