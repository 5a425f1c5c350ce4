import type { RecordedInvocation } from "../ports/journal.ts";
import type { Bench } from "./bench.ts";
import { clockOffset } from "./clock-offset.ts";

/** The recorder's invocations, by this machine's clock. */
export interface JournalFollower {
  /** All since the follower was made, in the order of their starts. @throws CallFailed */
  read(): Promise<readonly RecordedInvocation[]>;
}

/** An invocation is written down a little after its start, and the clocks of environments differ. */
const OVERLAP_MS = 10_000;

/** Follows from now on. @throws CallFailed */
export async function followJournal(bench: Bench): Promise<JournalFollower> {
  const { account, clock, names } = bench;
  const { offsetMs } = await clockOffset(bench);
  const fromMs = clock.nowMs();
  const known = new Map<string, RecordedInvocation>();
  let latestMs = fromMs;
  return {
    async read() {
      const sinceMs = Math.floor(Math.max(fromMs, latestMs - OVERLAP_MS) + offsetMs);
      for (const one of await account.journal.since(names.table, sinceMs)) {
        const startedAtMs = one.startedAtMs - offsetMs;
        known.set(one.id, { ...one, startedAtMs });
        latestMs = Math.max(latestMs, startedAtMs);
      }
      return [...known.values()].toSorted((a, b) => a.startedAtMs - b.startedAtMs);
    },
  };
}
