import { Unreachable } from "../errors.ts";
import type { QuotaAnswer, QuotaRequest, QuotaState, QuotaStore } from "../ports/quota-store.ts";
import { createEntity } from "./entity.ts";
import { NOTHING_RESERVED, type QuotaStep, quotaStepOf, reservedMs } from "./quota.ts";
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
      const answer = await write(item, request, step);
      // Not every DynamoDB sends the item that refused a write.
      known = answer.data ? parseQuotaRow(answer.data) : await item.read();
      if (answer.rejected) continue;
      const firstAtMs = step.spacing === "none" ? request.nowMs : known.freeFromMs - reservedMs(request);
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

function write(item: Item, request: QuotaRequest, step: QuotaStep) {
  const { count, nowMs, spacing, day } = request;
  const spanMs = reservedMs(request);
  return reachDynamoDb(
    item
      .updateOnce()
      .set({
        ...(step.spacing === "idle" && { freeFromMs: nowMs + spanMs }),
        ...(day !== undefined && step.day === "new" && { day: day.name, usedCount: count }),
      })
      .add({
        ...(step.spacing === "busy" && { freeFromMs: spanMs }),
        ...(step.day === "same" && { usedCount: count }),
      })
      .where(({ freeFromMs, day: stored, usedCount }, { eq, gt, lt, lte, notExists }) => {
        const conditions: string[] = [];
        if (spacing !== undefined && step.spacing === "busy") {
          conditions.push(gt(freeFromMs, nowMs), lte(freeFromMs, nowMs + spacing.aheadMaxMs));
        }
        if (step.spacing === "idle")
          conditions.push(`(${notExists(freeFromMs)} OR ${lte(freeFromMs, nowMs)})`);
        if (day !== undefined && step.day === "same") {
          conditions.push(eq(stored, day.name), lte(usedCount, day.usedAtMost - count));
        }
        if (day !== undefined && step.day === "new") {
          conditions.push(`(${notExists(stored)} OR ${lt(stored, day.name)})`);
        }
        return conditions.join(" AND ");
      })
      .go(TELL),
  );
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
