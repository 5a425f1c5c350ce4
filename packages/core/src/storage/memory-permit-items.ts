import { NO_EVIDENCE, plus, successCount } from "../law/evidence.ts";
import type { Control, PermitItems, PermitShard, Report, TakeRequest } from "../ports/permit-items.ts";

/** A shard that was handed out never changes; the set is the same leases, to find them quickly. */
interface Item {
  readonly leaseSet: Set<string>;
  shard: PermitShard;
}

/** {@link PermitItems} in memory, for tests and simulation. */
export function createMemoryPermitItems(): PermitItems {
  const items = new Map<number, Item>();

  function itemOf(index: number): Item {
    const found = items.get(index);
    if (found !== undefined) return found;
    const item = { leaseSet: new Set<string>(), shard: { leases: [], evidence: NO_EVIDENCE } };
    items.set(index, item);
    return item;
  }

  async function take(
    request: TakeRequest,
  ): Promise<{ readonly kind: "taken" | "refused"; readonly shard: PermitShard }> {
    const item = itemOf(request.shard);
    if (!mayTake(item.shard, request)) return { kind: "refused", shard: item.shard };
    for (const lease of request.leases) item.leaseSet.add(lease);
    item.shard = { ...item.shard, leases: [...item.leaseSet] };
    return { kind: "taken", shard: item.shard };
  }

  async function giveBack(index: number, leases: readonly string[], given: Report): Promise<PermitShard> {
    const item = itemOf(index);
    const [first] = leases;
    if (first === undefined || !item.leaseSet.has(first)) return item.shard;
    remove(item, leases);
    return add(item, given);
  }

  return {
    take,
    giveBack,
    report: async (index, given) => add(itemOf(index), given),
    prune: async (index, leases) => remove(itemOf(index), leases),
    hold: async (index, untilMs) => hold(itemOf(index), untilMs),
    setControl: async (index, decided) => govern(itemOf(index), decided),
    read: async (index) => itemOf(index).shard,
  };
}

function mayTake(shard: PermitShard, request: TakeRequest): boolean {
  return (
    shard.leases.length <= request.ifAtMostOut &&
    (shard.phase ?? "closed") === request.ifPhase &&
    (shard.limit ?? request.ifLimit) === request.ifLimit &&
    (shard.heldUntilMs ?? 0) <= request.nowMs
  );
}

function remove(item: Item, leases: readonly string[]): void {
  for (const lease of leases) item.leaseSet.delete(lease);
  item.shard = { ...item.shard, leases: [...item.leaseSet] };
}

function add(item: Item, report: Report): PermitShard {
  if (report.epoch !== epochOf(item.shard)) return item.shard;
  const evidence = plus(item.shard.evidence, report.evidence);
  const hasSuccess = successCount(evidence) > successCount(item.shard.evidence);
  item.shard = { ...item.shard, evidence, ...(hasSuccess && { lastOkAtMs: report.atMs }) };
  return item.shard;
}

function hold(item: Item, untilMs: number): void {
  item.shard = { ...item.shard, heldUntilMs: Math.max(item.shard.heldUntilMs ?? untilMs, untilMs) };
}

function govern(item: Item, { phase, limit, epoch }: Control): void {
  if (epoch <= epochOf(item.shard)) return;
  item.shard = { ...item.shard, phase, limit, epoch, evidence: NO_EVIDENCE };
}

/** A shard that was never governed is in epoch 0. */
function epochOf({ epoch = 0 }: PermitShard): number {
  return epoch;
}
