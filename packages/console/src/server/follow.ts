import { type Point, pointsOf } from "@sluice/core/history";
import type { BreakerEvent, EventStore, HistoryStore, Snapshot } from "@sluice/core/ports";

/** An event as a chart marks it. */
export type Mark = Pick<BreakerEvent, "id" | "atMs" | "kind">;

/** The events of a time, as far as a chart marks them. */
export interface Marks {
  /** The newest, oldest first. */
  readonly marks: readonly Mark[];
  /** The instant from which on they are all there; absent if they are all. */
  readonly marksSinceMs?: number;
}

/** Events that a chart marks at most: more would be a bar. */
const MARKS_MAX = 1_000;
/** Points that a chart has, but for those at which the phase changes: as many as it has pixels. */
const POINTS_MAX = 720;
/** An event or snapshot may be seen so much later than its instant says: its writer's clock, and its write. */
const LATE_MAX_MS = 30_000;

/** Makes a look at the newest events of a time up to now: the first look reads them, each later one what is new. */
export function followMarks(store: EventStore, overMs: number): (nowMs: number) => Promise<Marks> {
  let known: readonly Mark[] | undefined;
  let lookedAtMs = 0;
  let isCutOff = false;

  async function fresh(nowMs: number): Promise<readonly Mark[]> {
    if (known !== undefined) return Array.fromAsync(store.list(lookedAtMs - LATE_MAX_MS), markOf);
    const newest = await store.latest({ count: MARKS_MAX, sinceMs: nowMs - overMs });
    isCutOff = newest.length === MARKS_MAX;
    return newest.map(markOf);
  }

  return async (nowMs) => {
    const byId = new Map([...(known ?? []), ...(await fresh(nowMs))].map((mark) => [mark.id, mark]));
    const inTime = [...byId.values()].filter(({ atMs }) => atMs >= nowMs - overMs);
    const marks = inTime.toSorted((one, other) => one.atMs - other.atMs).slice(-MARKS_MAX);
    isCutOff ||= inTime.length > MARKS_MAX;
    known = marks;
    lookedAtMs = nowMs;
    const [oldest] = marks;
    return { marks, ...(isCutOff && oldest !== undefined && { marksSinceMs: oldest.atMs }) };
  };
}

function markOf({ id, atMs, kind }: BreakerEvent): Mark {
  return { id, atMs, kind };
}

/** Makes a look at the history of a time up to now: the first look reads all of it, each later one what is new. */
export function followPoints(
  store: Pick<HistoryStore, "list">,
  overMs: number,
): (nowMs: number) => Promise<readonly Point[]> {
  let known: readonly Snapshot[] = [];
  let readUntilMs: number | undefined;
  return async (nowMs) => {
    const sinceMs = nowMs - overMs;
    const fromMs = readUntilMs === undefined ? sinceMs : Math.max(sinceMs, readUntilMs - LATE_MAX_MS);
    const byTime = new Map(known.map((snapshot) => [snapshot.atMs, snapshot]));
    for await (const snapshot of store.list(fromMs, nowMs)) byTime.set(snapshot.atMs, snapshot);
    known = [...byTime.values()]
      .filter(({ atMs }) => atMs >= sinceMs)
      .toSorted((one, other) => one.atMs - other.atMs);
    readUntilMs = nowMs;
    return pointsOf(thinned(known));
  };
}

/** Some of many snapshots, evenly, and each at which the phase changes: what lies between is in their totals. */
function thinned(snapshots: readonly Snapshot[]): readonly Snapshot[] {
  const step = Math.ceil(snapshots.length / POINTS_MAX);
  return snapshots.filter(({ phase }, index) => {
    const isChange =
      snapshots[index - 1]?.phase !== phase || (snapshots[index + 1]?.phase ?? phase) !== phase;
    return isChange || index % step === 0 || index === snapshots.length - 1;
  });
}
