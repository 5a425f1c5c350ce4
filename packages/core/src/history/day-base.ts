import type { HistoryStore, Snapshot } from "../ports/history-store.ts";

/** The snapshot that a day's counts are reckoned from. */
export interface DayBase {
  /** The day's counts are those since then: its beginning, or a later minute where the waker saw none before. */
  readonly sinceMs: number;
  /** Absent where nothing was seen before the day: it is the provider's first. */
  readonly snapshot?: Pick<Snapshot, "outcomes" | "deadLetterCount">;
}

/** Snapshots come once a minute, but for a round or two that fail. */
const AROUND_MS = 10 * 60_000;
const KEPT_FOR_MS = 14 * 24 * 60 * 60_000;

/**
 * Finds the snapshot at the beginning of a day, with one small read where the waker was alive then, and otherwise one more for
 * each day that is kept, all of them at the same time.
 * @throws Unreachable, StoredRowInvalid
 */
export async function readDayBase(
  { list, first }: Pick<HistoryStore, "list" | "first">,
  startsAtMs: number,
  nowMs: number,
): Promise<DayBase> {
  const near = list(startsAtMs - AROUND_MS, Math.min(nowMs, startsAtMs + AROUND_MS));
  let base: Snapshot | undefined;
  for await (const snapshot of near) {
    if (base === undefined || snapshot.atMs <= startsAtMs) base = snapshot;
  }
  if (base !== undefined) return { sinceMs: Math.max(startsAtMs, base.atMs), snapshot: base };
  const [earlier, firstToday] = await Promise.all([
    first(nowMs - KEPT_FOR_MS, startsAtMs),
    first(startsAtMs, nowMs),
  ]);
  if (earlier === undefined) return { sinceMs: startsAtMs };
  return firstToday === undefined ? { sinceMs: nowMs } : { sinceMs: firstToday.atMs, snapshot: firstToday };
}
