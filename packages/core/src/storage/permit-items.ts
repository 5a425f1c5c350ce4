import { EVIDENCE_KEYS, type Evidence } from "../law/evidence.ts";
import type { Control, PermitItems, PermitShard, Report, TakeRequest } from "../ports/permit-items.ts";
import { createEntity } from "./entity.ts";
import { PERMIT_MODEL } from "./permit-entity.ts";
import { parsePermitRow } from "./permit-row.ts";
import type { Table } from "./table.ts";
import { orUnreachable } from "./unreachable.ts";

/** Asks for the shard after a write, or for the one that refused it, so that neither needs a read (on AWS). */
const TELL = { response: "all_new", returnOnConditionCheckFailure: "all_old" } as const;

/** {@link PermitItems} on DynamoDB: one item per shard. */
export function createPermitItems(table: Table, provider: string): PermitItems {
  const entity = createEntity(PERMIT_MODEL, table);
  type Where = Parameters<ReturnType<ReturnType<typeof entity.update>["add"]>["where"]>[0];

  async function take(
    request: TakeRequest,
  ): Promise<{ readonly kind: "taken" | "refused"; readonly shard: PermitShard }> {
    const { shard, ifPhase, ifLimit, ifAtMostOut, nowMs } = request;
    const answer = await reach(
      entity
        .update({ provider, shard })
        .add({ leases: [...request.leases] })
        .where(
          ({ leases, phase, limit, heldUntilMs }, { notExists, eq, lte, size, escape: literal }) =>
            `(${notExists(leases)} OR ${size(leases)} <= ${literal(ifAtMostOut)})` +
            ` AND (${eq(phase, ifPhase)}${ifPhase === "closed" ? ` OR ${notExists(phase)}` : ""})` +
            ` AND (${notExists(limit)} OR ${eq(limit, ifLimit)})` +
            ` AND (${notExists(heldUntilMs)} OR ${lte(heldUntilMs, nowMs)})`,
        )
        .go(TELL),
    );
    return { kind: answer.rejected ? "refused" : "taken", shard: await shardOf(shard, answer) };
  }

  async function giveBack(shard: number, leases: readonly string[], given: Report): Promise<PermitShard> {
    const [first] = leases;
    if (first === undefined) return read(shard);
    const answer = await reach(
      entity
        .update({ provider, shard })
        .delete({ leases: [...leases] })
        .add(sumsOf(given.evidence))
        .set(successOf(given))
        .where((row, { contains }) => contains(row.leases, first))
        .where(isInEpoch(given.epoch))
        .go(TELL),
    );
    const found = await shardOf(shard, answer);
    return answer.rejected && found.leases.includes(first) ? remove(shard, leases) : found;
  }

  async function report(shard: number, given: Report): Promise<PermitShard> {
    const answer = await reach(
      entity
        .update({ provider, shard })
        .add(sumsOf(given.evidence))
        .set(successOf(given))
        .where(isInEpoch(given.epoch))
        .go(TELL),
    );
    return shardOf(shard, answer);
  }

  /** A shard that was never governed is in epoch 0. */
  function isInEpoch(wanted: number): Where {
    return ({ epoch }, { eq, notExists }) =>
      `(${eq(epoch, wanted)}${wanted === 0 ? ` OR ${notExists(epoch)}` : ""})`;
  }

  async function prune(shard: number, leases: readonly string[]): Promise<void> {
    await remove(shard, leases);
  }

  async function remove(shard: number, leases: readonly string[]): Promise<PermitShard> {
    const own = entity.update({ provider, shard });
    const { data } = await reach(own.delete({ leases: [...leases] }).go({ response: "all_new" }));
    return parsePermitRow(data);
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
        .go(TELL),
    );
  }

  async function govern(shard: number, { phase, limit, epoch }: Control): Promise<void> {
    // No epoch is earlier than 0, the one of a shard that was never governed.
    if (epoch === 0) return;
    await reach(
      entity
        .update({ provider, shard })
        .set({ phase, limit, epoch })
        .remove([...EVIDENCE_KEYS])
        .where((row, { notExists, lt }) => `(${notExists(row.epoch)} OR ${lt(row.epoch, epoch)})`)
        .go(TELL),
    );
  }

  /** The shard that an answer tells of. Not every DynamoDB answers a refused write with the row: then it is read. */
  async function shardOf(shard: number, answer: { readonly data?: unknown }): Promise<PermitShard> {
    return answer.data ? parsePermitRow(answer.data) : read(shard);
  }

  async function read(shard: number): Promise<PermitShard> {
    const { data } = await reach(entity.get({ provider, shard }).go({ consistent: true }));
    return parsePermitRow(data ?? {});
  }

  return { take, giveBack, report, prune, hold, setControl: govern, read };
}

/** The sums to add, without those that are zero. */
function sumsOf(evidence: Partial<Evidence>): Partial<Evidence> {
  const added = EVIDENCE_KEYS.map((key) => [key, toStored(evidence[key] ?? 0)] as const);
  return Object.fromEntries(added.filter(([, sum]) => sum !== 0));
}

/** Six decimals are far finer than any rule needs, and keep the item small: a double may have seventeen digits. */
function toStored(sum: number): number {
  return Math.round(sum * 1e6) / 1e6;
}

function successOf({ evidence, atMs }: Report): { lastOkAtMs?: number } {
  const successes = (evidence.okCount ?? 0) + (evidence.slowCount ?? 0);
  return successes > 0 ? { lastOkAtMs: atMs } : {};
}

function reach<T>(call: Promise<T>): Promise<T> {
  return orUnreachable("DynamoDB", call);
}
