import { Unreachable } from "../errors.ts";
import type { QuotaAnswer, QuotaRequest, QuotaState, QuotaStore } from "../ports/quota-store.ts";
import {
  afterStep,
  firstOfLast,
  NOTHING_RESERVED,
  type QuotaStep,
  quotaStepOf,
  reservedMs,
} from "../steering/quotas/quota-steps.ts";
import { createEntity } from "./entity.ts";
import { parseQuotaRow, QUOTA_MODEL } from "./quota-entity.ts";
import type { Table } from "./table.ts";
import { reachDynamoDb } from "./unreachable.ts";

/** Asks for the item after a write, or the one that refused it, so that neither needs a read (on AWS). */
const TELL = { response: "all_new", returnOnConditionCheckFailure: "all_old" } as const;
/** Tries of one reservation: each refusal shows the item, and between two tries others may change it. */
const TRIES_MAX = 6;

/**
 * {@link QuotaStore} on DynamoDB: one item. It guesses the step from the last item that it saw, so that a reservation is
 * one write: while the spacing is ahead of the clock the step stays the same whoever else reserves.
 */
export function createQuotaStore(table: Table, provider: string): QuotaStore {
  const item = itemOf(table, provider);
  let known: QuotaState = NOTHING_RESERVED;

  async function reserve(request: QuotaRequest): Promise<QuotaAnswer> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const step = quotaStepOf(known, request);
      if (step === undefined) {
        // What was seen last may be old.
        if (tries > 0) return { kind: "refused", state: known };
        known = await item.read();
        continue;
      }
      const answer = await write(item, known, request, step);
      // Not every DynamoDB sends the item that refused a write.
      known = answer.data ? parseQuotaRow(answer.data) : await item.read();
      if (answer.rejected) continue;
      const firstAtMs = step.spacing === "none" ? request.nowMs : firstOfLast(known, request);
      return { kind: "reserved", firstAtMs, state: known };
    }
    throw new Unreachable("the quota's item", "others reserve at the same time");
  }

  return {
    reserve,
    giveBack: (day, count) => giveBack(item, day, count),
    markTold: (day) => markTold(item, day),
    read: item.read,
  };
}

type Item = ReturnType<typeof itemOf>;

function itemOf(table: Table, provider: string) {
  const entity = createEntity(QUOTA_MODEL, table);
  const onceEntity = createEntity(QUOTA_MODEL, { ...table, client: table.onceClient ?? table.client });
  return {
    async read(): Promise<QuotaState> {
      const { data } = await reachDynamoDb(entity.get({ provider }).go({ consistent: true }));
      return parseQuotaRow(data ?? {});
    },
    update: () => entity.update({ provider }),
    /** An update that the client sends once, for it must not happen twice. */
    updateOnce: () => onceEntity.update({ provider }),
  };
}

function write(item: Item, known: QuotaState, request: QuotaRequest, step: QuotaStep) {
  const { count, spacing, day } = request;
  const after = afterStep(known, request, step);
  const { freeFromMs, intervalMs, usedCount, earlierCount, reservedAtMs } = after;
  const isOnNewDay = step.day === "new" || step.day === "changed";
  return reachDynamoDb(
    item
      .updateOnce()
      .set({
        ...(spacing !== undefined && { intervalMs }),
        ...((step.spacing === "idle" || step.spacing === "moved") && { freeFromMs }),
        ...(day !== undefined && { reservedAtMs }),
        ...(isOnNewDay && { day: after.day, dayKind: after.dayKind, usedCount, earlierCount }),
      })
      .add({
        ...(step.spacing === "busy" && { freeFromMs: reservedMs(request) }),
        ...(step.day === "same" && { usedCount: count }),
      })
      .where(spacingCondition(known, request, step))
      .where(dayCondition(known, request, step))
      .go(TELL),
  );
}

type Where = Parameters<ReturnType<ReturnType<Item["update"]>["add"]>["where"]>[0];

/** The condition that the spacing is as the step reckons with: a busy one may have been moved on by others meanwhile. */
function spacingCondition(known: QuotaState, { nowMs, spacing }: QuotaRequest, step: QuotaStep): Where {
  return ({ freeFromMs, intervalMs }, { eq, gt, lte, notExists }) => {
    switch (step.spacing) {
      case "none":
        return "";
      case "idle":
        return `(${notExists(freeFromMs)} OR ${lte(freeFromMs, nowMs)})`;
      case "moved":
        return `${eq(freeFromMs, known.freeFromMs)} AND ${eq(intervalMs, known.intervalMs)}`;
      case "busy":
        return `${gt(freeFromMs, nowMs)} AND ${lte(freeFromMs, nowMs + (spacing?.aheadMaxMs ?? 0))}`;
    }
  };
}

/** The condition that the day is as the step reckons with: one that has begun may have been charged by others meanwhile. */
function dayCondition(known: QuotaState, { count, day }: QuotaRequest, step: QuotaStep): Where {
  return (row, { eq, lte, notExists }) => {
    if (day === undefined) return "";
    if (step.day === "same") {
      const usedAtMost = day.usedAtMost - count;
      return `${eq(row.day, day.name)} AND ${eq(row.dayKind, day.kind)} AND ${lte(row.usedCount, usedAtMost)}`;
    }
    if (known.day === "") return notExists(row.day);
    const isSameDay = `${eq(row.day, known.day)} AND ${eq(row.dayKind, known.dayKind)}`;
    return `${isSameDay} AND ${eq(row.usedCount, known.usedCount)}`;
  };
}

async function giveBack(item: Item, day: string, count: number): Promise<void> {
  await reachDynamoDb(
    item
      .updateOnce()
      .add({ usedCount: -count })
      .where((row, { eq }) => eq(row.day, day))
      .go(TELL),
  );
}

async function markTold(item: Item, day: string): Promise<boolean> {
  const marked = await reachDynamoDb(
    item
      .update()
      .set({ toldDay: day })
      .where(({ toldDay }, { notExists, lt }) => `(${notExists(toldDay)} OR ${lt(toldDay, day)})`)
      .go(TELL),
  );
  return !marked.rejected;
}
