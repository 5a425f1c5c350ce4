import { type Control, PHASES } from "@sluice/core/law";
import type { TimedOrders } from "@sluice/core/operator";
import { RECORD_ENDS } from "@sluice/core/records";
import { numberAt } from "@sluice/core/runs";
import * as z from "zod";
import type { AttributeValue, Item } from "../cloud/dynamodb/values/attribute-value.ts";
import type { DayEvent } from "./day-event.ts";

/** Tells what a write has changed, from the item before it and after it. */
export type TableWatch = (before: Item | undefined, after: Item | undefined) => void;

const controlSchema = z.object({
  law: z.object({ phase: z.enum(PHASES), limit: z.number(), epoch: z.number() }),
});

/** The sums of a permit shard that are answers of the provider. */
const ANSWER_SUMS = [
  "okCount",
  "slowCount",
  "faultCount",
  "repeatFaultCount",
  "throttledCount",
  "rejectedCount",
] as const;

/** Watches the table of a day. */
export function createTableWatch(emit: (event: DayEvent) => void): TableWatch {
  const watchShard = createShardWatch(emit);
  let control: Control | undefined;

  function watchFetch(before: Item | undefined, after: Item): void {
    const { recordId, attemptId, runId: run = "", day, status } = after as Readonly<Record<string, string>>;
    if (recordId === undefined || attemptId === undefined || day === undefined || status === undefined)
      return;
    const wasFetching = before?.status === "fetching";
    if (status === "fetching" && before?.attemptId !== attemptId)
      emit({ kind: "claimed", recordId, attemptId, run, day, leaseUntilMs: Number(after.leaseUntilMs) });
    if (status !== "fetching" && wasFetching) emit({ kind: "completed", recordId, attemptId, status });
  }

  function watchLaw(after: Item): void {
    const { phase, limit, epoch } = controlSchema.parse(JSON.parse(String(after.json))).law;
    if (control?.epoch === epoch && control.phase === phase && control.limit === limit) return;
    control = { phase, limit, epoch };
    emit({ kind: "control", control });
  }

  function watchPart(before: Item | undefined, after: Item): void {
    if (after.level !== 0) return;
    for (const end of RECORD_ENDS) {
      const known = numbersIn(before?.[end]);
      for (const place of numbersIn(after[end])) {
        if (known.has(place)) continue;
        emit({ kind: "noted", run: String(after.runKey), number: numberAt(Number(after.index), place), end });
      }
    }
  }

  function watchRun(before: Item | undefined, after: Item): void {
    const { completedAtMs, counts, ...row } = runSchema.parse(after);
    const isNews = completedAtMs !== undefined && before?.completedAtMs === undefined;
    // The completion of a run of one record says its end: it has no part.
    const end = row.plannedCount === 1 && isNews && RECORD_ENDS.find((each) => counts?.[each] === 1);
    if (end) emit({ kind: "noted", run: row.runId, number: 0, end });
    const completion = completedAtMs !== undefined && counts !== undefined && { completedAtMs, counts };
    emit({ kind: "run", row: { ...row, ...(completion && { completion }) } });
  }

  return (before, after) => {
    if (after === undefined || before === after) return;
    switch (after.__edb_e__) {
      case "runpart":
        return watchPart(before, after);
      case "run":
        return watchRun(before, after);
      case "fetch":
        return watchFetch(before, after);
      case "breaker":
        return after.part === "law" ? watchLaw(after) : undefined;
      case "orders": {
        const { hold, pin, force } = JSON.parse(String(after.json)) as TimedOrders;
        return emit({ kind: "orders", ...(hold && { hold }), ...(pin && { pin }), ...(force && { force }) });
      }
      case "permit":
        return watchShard(before, after);
      case "event":
        return emit({ kind: "decision", summary: `${after.kind}: ${after.summary}` });
      default:
        return undefined;
    }
  };
}

const runSchema = z.object({
  runId: z.string(),
  createdAtMs: z.number(),
  plannedCount: z.number(),
  isSealed: z.boolean(),
  deadlineMs: z.exactOptional(z.number()),
  cancelledAtMs: z.exactOptional(z.number()),
  completedAtMs: z.number().optional(),
  counts: z.record(z.string(), z.number()).optional(),
});

function numbersIn(places: AttributeValue | undefined): ReadonlySet<number> {
  return new Set(places instanceof Set ? [...places].map(Number) : []);
}

function createShardWatch(emit: (event: DayEvent) => void): (before: Item | undefined, after: Item) => void {
  const shards = new Map<unknown, { readonly epoch: number; readonly answeredCount: number }>();

  return (before, after) => {
    const heldUntilMs = Number(after.heldUntilMs ?? 0);
    if (heldUntilMs > Number(before?.heldUntilMs ?? 0)) emit({ kind: "hold", untilMs: heldUntilMs });
    const answeredCount = ANSWER_SUMS.reduce((sum, name) => sum + Number(after[name] ?? 0), 0);
    const epoch = Number(after.epoch ?? 0);
    const known = shards.get(after.shard);
    if (known?.epoch === epoch && known.answeredCount === answeredCount) return;
    shards.set(after.shard, { epoch, answeredCount });
    const latest = Math.max(...[...shards.values()].map((shard) => shard.epoch));
    const ofLatest = [...shards.values()].filter((shard) => shard.epoch === latest);
    const total = ofLatest.reduce((sum, shard) => sum + shard.answeredCount, 0);
    emit({ kind: "evidence", epoch: latest, answeredCount: total });
  };
}
