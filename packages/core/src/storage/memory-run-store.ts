import type { LostRecord, PartKey, PartMarks, Run, RunPart, RunStore } from "../ports/run-store.ts";

/** {@link RunStore} in memory, for tests and simulation. */
export function createMemoryRunStore(): RunStore {
  return { ...createRuns(), ...createParts(), ...createWatchedList() };
}

type RunCalls = Pick<RunStore, "open" | "read" | "plan" | "markSent" | "cancel" | "markLate" | "complete">;

function createRuns(): RunCalls {
  const runs = new Map<string, Run>();

  function change(runId: string, changed: (run: Run) => Partial<Run> | undefined): boolean {
    const run = runs.get(runId);
    const changes = run && changed(run);
    if (run === undefined || changes === undefined) return false;
    runs.set(runId, { ...run, ...changes });
    return true;
  }

  return {
    async open(run) {
      const stored = runs.get(run.runId) ?? { ...run, sentCount: 0 };
      runs.set(run.runId, stored);
      return stored;
    },
    read: async (runId) => runs.get(runId),
    async plan(runId, { fromCount, ...plan }) {
      const isPlanned = change(runId, ({ plannedCount, isSealed, cancelledAtMs }) =>
        plannedCount === fromCount && !isSealed && cancelledAtMs === undefined ? plan : undefined,
      );
      if (isPlanned) return "planned";
      const run = runs.get(runId);
      const names = ["plannedCount", "digest", "isSealed"] as const;
      return names.every((name) => run?.[name] === plan[name]) ? "planned" : "refused";
    },
    async markSent(runId, sentCount) {
      change(runId, (run) => (run.sentCount < sentCount ? { sentCount } : undefined));
    },
    async cancel(runId, nowMs) {
      change(runId, ({ completion, cancelledAtMs = nowMs }) =>
        completion === undefined ? { cancelledAtMs } : undefined,
      );
      return runs.get(runId);
    },
    async markLate(runId, nowMs) {
      change(runId, () => ({ lateToldAtMs: nowMs }));
    },
    async complete(runId, completion) {
      change(runId, ({ completion: first = completion }) =>
        first.isAnnounced && first !== completion
          ? undefined
          : { completion: { ...first, isAnnounced: completion.isAnnounced } },
      );
      return runs.get(runId);
    },
  };
}

function createParts(): Pick<RunStore, "mark" | "keepLost" | "parts" | "part" | "lost"> {
  const parts = new Map<string, Map<string, RunPart>>();
  const lost = new Map<string, Map<number, LostRecord>>();
  return {
    async mark(runId, key, marks, nowMs) {
      const ofRun = inner(parts, runId);
      const name = `${key.level}/${key.index}`;
      const marked = markedPart(ofRun.get(name), key, marks, nowMs);
      ofRun.set(name, marked);
      return marked;
    },
    async keepLost(runId, records) {
      for (const record of records) inner(lost, runId).set(record.number, record);
    },
    async *parts(runId) {
      for (const part of [...inner(parts, runId).values()]) if (part.level === 0) yield part;
    },
    part: async (runId, { level, index }) => inner(parts, runId).get(`${level}/${index}`),
    async *lost(runId) {
      yield* [...inner(lost, runId).values()].toSorted((one, other) => one.number - other.number);
    },
  };
}

function createWatchedList(): Pick<RunStore, "watch" | "unwatch" | "watched"> {
  const watched = new Set<string>();
  return {
    async watch(runId) {
      watched.add(runId);
    },
    async unwatch(runId) {
      watched.delete(runId);
    },
    watched: async () => [...watched],
  };
}

function inner<Key, Value>(outer: Map<string, Map<Key, Value>>, runId: string): Map<Key, Value> {
  const found = outer.get(runId) ?? new Map<Key, Value>();
  outer.set(runId, found);
  return found;
}

function markedPart(
  before: RunPart | undefined,
  { level, index }: PartKey,
  added: PartMarks,
  nowMs: number,
): RunPart {
  const marks: Record<string, readonly number[]> = { ...before?.marks };
  for (const [name, places] of Object.entries(added)) {
    marks[name] = [...new Set([...(marks[name] ?? []), ...places])];
  }
  return { level, index, marks, firstAtMs: before?.firstAtMs ?? nowMs, lastAtMs: nowMs };
}
