import { Entity } from "electrodb";
import type { Decided, Observed, PermitItems, PermitShard, TakeRequest } from "../ports/permit-items.ts";
import { orUnreachable } from "../ports/unreachable.ts";
import type { Table } from "../records/table.ts";
import { BREAKER_MODEL } from "./permit-entity.ts";
import { parsePermitRow } from "./permit-row.ts";

/** Asks for the shard that refused a write, so that a refusal needs no second read (on AWS). */
const TELL_WHY = { returnOnConditionCheckFailure: "all_old" } as const;

/** {@link PermitItems} on DynamoDB: one item per shard. */
export function createPermitItems(table: Table, provider: string): PermitItems {
  const entity = new Entity(BREAKER_MODEL, { client: table.client, table: table.name });

  async function take(
    request: TakeRequest,
  ): Promise<{ readonly kind: "taken" | "refused"; readonly shard: PermitShard }> {
    const { shard, ifLimit, ifAtMostOut, nowMs } = request;
    const taken = await reach(
      entity
        .update({ provider, shard })
        .add({ leases: [...request.leases] })
        .where(
          ({ leases, phase, limit, heldUntilMs }, { notExists, eq, lte, size, escape: literal }) =>
            `(${notExists(leases)} OR ${size(leases)} <= ${literal(ifAtMostOut)})` +
            ` AND (${notExists(phase)} OR ${eq(phase, "closed")})` +
            ` AND (${notExists(limit)} OR ${eq(limit, ifLimit)})` +
            ` AND (${notExists(heldUntilMs)} OR ${lte(heldUntilMs, nowMs)})`,
        )
        .go({ response: "all_new", ...TELL_WHY }),
    );
    if (!taken.rejected) return { kind: "taken", shard: parsePermitRow(taken.data) };
    return { kind: "refused", shard: taken.data ? parsePermitRow(taken.data) : await read(shard) };
  }

  async function giveBack(shard: number, leases: readonly string[], observed: Observed): Promise<void> {
    const [first] = leases;
    if (first === undefined) return;
    await reach(
      entity
        .update({ provider, shard })
        .delete({ leases: [...leases] })
        .add(countsOf(observed))
        .where((row, { contains }) => contains(row.leases, first))
        .go(TELL_WHY),
    );
  }

  async function prune(shard: number, leases: readonly string[]): Promise<void> {
    await reach(
      entity
        .update({ provider, shard })
        .delete({ leases: [...leases] })
        .go(),
    );
  }

  async function hold(shard: number, untilMs: number): Promise<void> {
    await reach(
      entity
        .update({ provider, shard })
        .set({ heldUntilMs: untilMs })
        .where(
          ({ heldUntilMs }, { notExists, lt }) =>
            `(${notExists(heldUntilMs)} OR ${lt(heldUntilMs, untilMs)})`,
        )
        .go(TELL_WHY),
    );
  }

  async function govern(shard: number, decision: Partial<Decided>): Promise<void> {
    await reach(entity.update({ provider, shard }).set(decision).go());
  }

  async function read(shard: number): Promise<PermitShard> {
    const { data } = await reach(entity.get({ provider, shard }).go({ consistent: true }));
    return data === null ? { leases: [] } : parsePermitRow(data);
  }

  return { take, giveBack, prune, hold, govern, read };
}

function countsOf(observed: Observed) {
  return {
    okCount: observed.ok ?? 0,
    slowCount: observed.slow ?? 0,
    faultCount: observed.fault ?? 0,
    throttledCount: observed.throttled ?? 0,
    rejectedCount: observed.rejected ?? 0,
    unavailableCount: observed.unavailable ?? 0,
  };
}

function reach<T>(call: Promise<T>): Promise<T> {
  return orUnreachable("DynamoDB", call);
}
