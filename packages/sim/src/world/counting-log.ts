import type { Log } from "@sluice/core/ports";

/** A log that keeps no lines: it counts the warnings and errors of a run by their message. */
export interface CountingLog {
  readonly log: Log;
  readonly counts: ReadonlyMap<string, number>;
}

/** Starts at nothing. */
export function createCountingLog(): CountingLog {
  const counts = new Map<string, number>();
  const count = (message: string) => counts.set(message, (counts.get(message) ?? 0) + 1);
  const log: Log = { debug: () => {}, info: () => {}, warn: count, error: count, with: () => log };
  return { log, counts };
}
