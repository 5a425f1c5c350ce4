import type { Control } from "../law/control.ts";
import { EVIDENCE_SUMS } from "../law/evidence.ts";
import type {
  Lease,
  OrderedHold,
  PermitItems,
  PermitShard,
  Report,
  TakeRequest,
  Wish,
} from "../ports/permit-items.ts";
import type { DrainingSplit, LendingSplit } from "../ports/split.ts";
import type { Lane } from "../provider/lane.ts";
import { createEntity } from "./entity.ts";
import { TELL, TELL_REFUSAL } from "./permit-answers.ts";
import { controlChange, laneChange, splitChange, textsOf, WISHES_OF } from "./permit-changes.ts";
import { hasAtMost, isInEpoch, lendsTo } from "./permit-conditions.ts";
import { PERMIT_MODEL, parsePermitRow } from "./permit-entity.ts";
import { addedBy, setBy } from "./report-sums.ts";
import type { Table } from "./table.ts";
import { reachDynamoDb } from "./unreachable.ts";

/** {@link PermitItems} on DynamoDB: one item per shard. */
export function createPermitItems(table: Table, provider: string): PermitItems {
  const shards = shardsOf(table, provider);
  return {
    take: (request) => take(shards, request),
    giveBack: (index, leases, report) => giveBack(shards, index, leases, report),
    report: (index, report) => addReport(shards, index, report),
    async prune(index, leases) {
      await remove(shards, index, leases);
    },
    wish: (index, lane, wishes, ifAtMostWishes) => wish(shards, index, lane, wishes, ifAtMostWishes),
    withdraw: (index, lane, wishes) => withdraw(shards, index, lane, wishes),
    add: (index, leases) => add(shards, index, leases),
    hold: (index, untilMs) => hold(shards, index, untilMs),
    setOrderedHold: (index, ordered) => setOrderedHold(shards, index, ordered),
    endProbe: (index, probeUntilMs) => endProbe(shards, index, probeUntilMs),
    setControl: (index, control) => setControl(shards, index, control),
    setSplit: (index, split) => setSplit(shards, index, split),
    read: shards.read,
  };
}

type Shards = ReturnType<typeof shardsOf>;

/** The items of a provider, by the number of the shard. */
function shardsOf(table: Table, provider: string) {
  const entity = createEntity(PERMIT_MODEL, table);
  const onceEntity = createEntity(PERMIT_MODEL, { ...table, client: table.onceClient ?? table.client });

  async function read(shard: number): Promise<PermitShard> {
    const { data } = await reachDynamoDb(entity.get({ provider, shard }).go({ consistent: true }));
    return parsePermitRow(data ?? {});
  }

  return {
    read,
    update: (shard: number) => entity.update({ provider, shard }),
    /** An update that the client sends once, for it must not happen twice. */
    updateOnce: (shard: number) => onceEntity.update({ provider, shard }),
    /** The shard in the answer to a write, or read anew: not every DynamoDB sends a row that refused it. */
    async answered(shard: number, answer: { readonly data?: unknown }): Promise<PermitShard> {
      return answer.data ? parsePermitRow(answer.data) : read(shard);
    },
  };
}

async function take(
  shards: Shards,
  request: TakeRequest,
): Promise<{ readonly kind: "taken" | "refused"; readonly shard: PermitShard }> {
  const { shardIndex: index, probeUntilMs } = request;
  const change = laneChange(request.inLane);
  const answer = await reachDynamoDb(
    shards
      .update(index)
      .add({ leases: textsOf(request.leases) })
      .set({ ...change.set, ...(probeUntilMs !== undefined && { probeUntilMs }) })
      .remove([...change.remove])
      .delete(change.delete)
      .where(lendsTo(request))
      .go(TELL),
  );
  return { kind: answer.rejected ? "refused" : "taken", shard: await shards.answered(index, answer) };
}

async function wish(
  shards: Shards,
  index: number,
  lane: Lane,
  wishes: readonly Wish[],
  ifAtMostWishes: number,
): Promise<void> {
  await reachDynamoDb(
    shards
      .update(index)
      .add({ [WISHES_OF[lane]]: textsOf(wishes) })
      .where(hasAtMost(WISHES_OF[lane], ifAtMostWishes))
      .go(TELL),
  );
}

async function withdraw(shards: Shards, index: number, lane: Lane, wishes: readonly Wish[]): Promise<void> {
  if (wishes.length === 0) return;
  await reachDynamoDb(
    shards
      .update(index)
      .delete({ [WISHES_OF[lane]]: textsOf(wishes) })
      .go(),
  );
}

async function giveBack(
  shards: Shards,
  index: number,
  leases: readonly Lease[],
  report: Report,
): Promise<PermitShard> {
  const [first] = leases;
  if (first === undefined) return shards.read(index);
  const answer = await reachDynamoDb(
    shards
      .updateOnce(index)
      .delete({ leases: textsOf(leases) })
      .add(addedBy(report))
      .set(setBy(report))
      .where(
        (row, operations) =>
          `${operations.contains(row.leases, first.text)} AND ${isInEpoch(report.epoch)(row, operations)}`,
      )
      .go(TELL),
  );
  const shard = await shards.answered(index, answer);
  const isStillOut = answer.rejected && shard.leases.some(({ text }) => text === first.text);
  return isStillOut ? remove(shards, index, leases) : shard;
}

async function addReport(shards: Shards, index: number, report: Report): Promise<PermitShard> {
  const answer = await reachDynamoDb(
    shards.updateOnce(index).add(addedBy(report)).set(setBy(report)).where(isInEpoch(report.epoch)).go(TELL),
  );
  return shards.answered(index, answer);
}

async function add(shards: Shards, index: number, leases: readonly Lease[]): Promise<void> {
  const addition = shards.update(index).add({ leases: textsOf(leases) });
  await reachDynamoDb(addition.go());
}

async function remove(shards: Shards, index: number, leases: readonly Lease[]): Promise<PermitShard> {
  const removal = shards.update(index).delete({ leases: textsOf(leases) });
  const { data } = await reachDynamoDb(removal.go({ response: "all_new" }));
  return parsePermitRow(data);
}

async function hold(shards: Shards, index: number, untilMs: number): Promise<void> {
  await reachDynamoDb(
    shards
      .update(index)
      .set({ heldUntilMs: untilMs })
      .where(
        ({ heldUntilMs }, { notExists, lt }) => `(${notExists(heldUntilMs)} OR ${lt(heldUntilMs, untilMs)})`,
      )
      .go(TELL),
  );
}

async function setOrderedHold(
  shards: Shards,
  index: number,
  { version, fromMs, untilMs }: OrderedHold,
): Promise<void> {
  await reachDynamoDb(
    shards
      .update(index)
      .set({ orderedVersion: version, orderedFromMs: fromMs, orderedUntilMs: untilMs })
      .where(
        ({ orderedVersion }, { notExists, lt }) =>
          `(${notExists(orderedVersion)} OR ${lt(orderedVersion, version)})`,
      )
      .go(TELL_REFUSAL),
  );
}

async function endProbe(shards: Shards, index: number, untilMs: number): Promise<void> {
  await reachDynamoDb(
    shards
      .update(index)
      .remove(["probeUntilMs"])
      .where(({ probeUntilMs }, { eq }) => eq(probeUntilMs, untilMs))
      .go(TELL),
  );
}

async function setControl(shards: Shards, index: number, control: Control): Promise<void> {
  const { epoch } = control;
  // No epoch is earlier than 0, the one of a shard without a decision.
  if (epoch === 0) return;
  const { set, remove } = controlChange(control);
  await reachDynamoDb(
    shards
      .update(index)
      .set(set)
      .remove([...EVIDENCE_SUMS, "probeUntilMs", ...remove])
      .where((row, { notExists, lt }) => `(${notExists(row.epoch)} OR ${lt(row.epoch, epoch)})`)
      .go(TELL_REFUSAL),
  );
}

async function setSplit(shards: Shards, index: number, split: LendingSplit | DrainingSplit): Promise<void> {
  const { version } = split;
  const { set, remove } = splitChange(split);
  await reachDynamoDb(
    shards
      .update(index)
      .set(set)
      .remove([...remove])
      .where(
        ({ splitVersion }, { notExists, lt }) =>
          `(${notExists(splitVersion)} OR ${lt(splitVersion, version)})`,
      )
      .go(TELL),
  );
}
