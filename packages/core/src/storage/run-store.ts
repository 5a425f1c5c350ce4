import type {
  LostRecord,
  NewRun,
  PartKey,
  PartMarks,
  Run,
  RunCompletion,
  RunPart,
  RunPlan,
  RunStore,
} from "../ports/run-store.ts";
import { recordKey } from "../records/record-key.ts";
import { createEntity } from "./entity.ts";
import { listPages } from "./pages.ts";
import { LOST_RECORD_MODEL, RUN_MODEL, RUN_PART_MODEL, WATCHED_RUNS_MODEL } from "./run-entity.ts";
import { runExpirySeconds } from "./run-expiry.ts";
import { parseLostRecordRow, parseRunPartRow, parseRunRow, parseWatchedRow } from "./run-rows.ts";
import type { Table } from "./table.ts";
import { reachDynamoDb } from "./unreachable.ts";

/** Asks for the row after a write, or the one that refused it, so that neither needs a read (on AWS). */
const TELL = { response: "all_new", returnOnConditionCheckFailure: "all_old" } as const;

/** {@link RunStore} on DynamoDB: a run, its parts and its lost records are one partition. */
export function createRunStore(table: Table, provider: string): RunStore {
  const rows = rowsOf(table, provider);
  return {
    open: (run) => open(rows, run),
    read: (runId) => read(rows, runId),
    plan: (runId, plan) => planMore(rows, runId, plan),
    markSent: (runId, sentCount) => markSent(rows, runId, sentCount),
    cancel: (runId, nowMs) => cancel(rows, runId, nowMs),
    async markLate(runId, nowMs) {
      await reachDynamoDb(
        rows.runs
          .update(rows.keyOf(runId))
          .set({ lateToldAtMs: nowMs })
          .where((row, { exists }) => exists(row.runId))
          .go(TELL),
      );
    },
    complete: (runId, completion) => complete(rows, runId, completion),
    mark: (runId, part, marks, nowMs) => mark(rows, runId, part, marks, nowMs),
    async keepLost(runId, records) {
      await Promise.all(records.map((record) => keepLost(rows, runId, record)));
    },
    parts: (runId, reading = "cheap") =>
      listPages(
        (cursor) =>
          rows.parts.query.byRun(rows.levelOf(runId, 0)).go({ cursor, consistent: reading === "exact" }),
        parseRunPartRow,
      ),
    async part(runId, { level, index }) {
      const key = { ...rows.keyOf(runId), level, index };
      const { data } = await reachDynamoDb(rows.parts.get(key).go({ consistent: true }));
      return data === null ? undefined : parseRunPartRow(data);
    },
    lost: (runId) =>
      listPages((cursor) => rows.lost.query.byRun(rows.keyOf(runId)).go({ cursor }), parseLostRecordRow),
    async watch(runId) {
      await reachDynamoDb(
        rows.watched
          .update(rows.watchedKey)
          .add({ runIds: [runId] })
          .go(),
      );
    },
    async unwatch(runId) {
      await reachDynamoDb(
        rows.watched
          .update(rows.watchedKey)
          .delete({ runIds: [runId] })
          .go(),
      );
    },
    async watched() {
      const { data } = await reachDynamoDb(rows.watched.get(rows.watchedKey).go({ consistent: true }));
      return data === null ? [] : parseWatchedRow(data);
    },
  };
}

type Rows = ReturnType<typeof rowsOf>;

function rowsOf(table: Table, provider: string) {
  const keyOf = (runId: string) => ({ provider, runKey: recordKey(runId) });
  return {
    keyOf,
    levelOf: (runId: string, level: number) => ({ ...keyOf(runId), level }),
    watchedKey: { provider, list: "watched" } as const,
    runs: createEntity(RUN_MODEL, table),
    parts: createEntity(RUN_PART_MODEL, table),
    lost: createEntity(LOST_RECORD_MODEL, table),
    watched: createEntity(WATCHED_RUNS_MODEL, table),
  };
}

async function read({ runs, keyOf }: Rows, runId: string): Promise<Run | undefined> {
  const { data } = await reachDynamoDb(runs.get(keyOf(runId)).go({ consistent: true }));
  return data === null ? undefined : parseRunRow(data);
}

async function open(rows: Rows, run: NewRun): Promise<Run> {
  const write = await reachDynamoDb(
    rows.runs
      .update(rows.keyOf(run.runId))
      .set({ ...run, sentCount: 0, expiresAtSeconds: runExpirySeconds(run.createdAtMs) })
      .where((row, { notExists }) => notExists(row.runId))
      .go(TELL),
  );
  // Not every DynamoDB sends the row that refused a write.
  const stored = write.data ? parseRunRow(write.data) : await read(rows, run.runId);
  return stored ?? { ...run, sentCount: 0 };
}

async function planMore(rows: Rows, runId: string, plan: RunPlan): Promise<"planned" | "refused"> {
  const { fromCount, plannedCount, digest, isSealed, sentCount } = plan;
  const write = await reachDynamoDb(
    rows.runs
      .update(rows.keyOf(runId))
      .set({ plannedCount, digest, isSealed, sentCount })
      .where(
        (row, { eq, notExists }) =>
          `${eq(row.plannedCount, fromCount)} AND ${eq(row.isSealed, false)} AND ${notExists(row.cancelledAtMs)}`,
      )
      .go(TELL),
  );
  if (!write.rejected) return "planned";
  const run = write.data ? parseRunRow(write.data) : await read(rows, runId);
  return run !== undefined && isPlanned(run, plan) ? "planned" : "refused";
}

/** True if a plan was carried out before, and its answer was lost. */
function isPlanned(run: Run, { plannedCount, digest, isSealed }: RunPlan): boolean {
  return run.plannedCount === plannedCount && run.digest === digest && run.isSealed === isSealed;
}

async function markSent({ runs, keyOf }: Rows, runId: string, sentCount: number): Promise<void> {
  await reachDynamoDb(
    runs
      .update(keyOf(runId))
      .set({ sentCount })
      .where((row, { lt }) => lt(row.sentCount, sentCount))
      .go(TELL),
  );
}

async function cancel(rows: Rows, runId: string, nowMs: number): Promise<Run | undefined> {
  const write = await reachDynamoDb(
    rows.runs
      .update(rows.keyOf(runId))
      .set({ cancelledAtMs: nowMs })
      .where(
        (row, { exists, notExists }) =>
          `${exists(row.runId)} AND ${notExists(row.completedAtMs)} AND ${notExists(row.cancelledAtMs)}`,
      )
      .go(TELL),
  );
  return write.data ? parseRunRow(write.data) : read(rows, runId);
}

async function complete(rows: Rows, runId: string, completion: RunCompletion): Promise<Run | undefined> {
  const { completedAtMs, counts, isAnnounced } = completion;
  const write = await reachDynamoDb(
    rows.runs
      .update(rows.keyOf(runId))
      .set({ isAnnounced })
      .data((row, { ifNotExists }) => {
        ifNotExists(row.completedAtMs, completedAtMs);
        ifNotExists(row.counts, { ...counts });
      })
      .where(
        (row, { eq, exists, notExists }) =>
          `${exists(row.runId)} AND (${notExists(row.completedAtMs)} OR ${eq(row.isAnnounced, false)})`,
      )
      .go(TELL),
  );
  return write.data ? parseRunRow(write.data) : read(rows, runId);
}

async function mark(
  { parts, keyOf }: Rows,
  runId: string,
  part: PartKey,
  marks: PartMarks,
  nowMs: number,
): Promise<RunPart> {
  const added = Object.fromEntries(Object.entries(marks).map(([name, places]) => [name, [...places]]));
  const { data } = await reachDynamoDb(
    parts
      .update({ ...keyOf(runId), level: part.level, index: part.index })
      .add(added)
      .set({ lastAtMs: nowMs, expiresAtSeconds: runExpirySeconds(nowMs) })
      .data(({ firstAtMs }, { ifNotExists }) => ifNotExists(firstAtMs, nowMs))
      .go({ response: "all_new" }),
  );
  return parseRunPartRow(data);
}

async function keepLost({ lost, keyOf }: Rows, runId: string, record: LostRecord): Promise<void> {
  const { number, ...kept } = record;
  await reachDynamoDb(
    lost
      .update({ ...keyOf(runId), number })
      .set({ ...kept, expiresAtSeconds: runExpirySeconds(record.atMs) })
      .go(),
  );
}
