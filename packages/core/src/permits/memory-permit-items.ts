import type { Decided, PermitItems, PermitShard, TakeRequest } from "../ports/permit-items.ts";

const EMPTY: PermitShard = { leases: [] };

/** {@link PermitItems} in memory, for tests and simulation. */
export function createMemoryPermitItems(): PermitItems {
  const shards = new Map<number, PermitShard>();
  const read = (index: number): PermitShard => shards.get(index) ?? EMPTY;

  async function take(
    request: TakeRequest,
  ): Promise<{ readonly kind: "taken" | "refused"; readonly shard: PermitShard }> {
    const shard = read(request.shard);
    if (!mayTake(shard, request)) return { kind: "refused", shard };
    const taken = { ...shard, leases: [...new Set([...shard.leases, ...request.leases])] };
    shards.set(request.shard, taken);
    return { kind: "taken", shard: taken };
  }

  async function prune(index: number, leases: readonly string[]): Promise<void> {
    const shard = read(index);
    shards.set(index, { ...shard, leases: shard.leases.filter((lease) => !leases.includes(lease)) });
  }

  async function hold(index: number, untilMs: number): Promise<void> {
    const shard = read(index);
    shards.set(index, { ...shard, heldUntilMs: Math.max(shard.heldUntilMs ?? 0, untilMs) });
  }

  async function govern(index: number, decision: Partial<Decided>): Promise<void> {
    shards.set(index, { ...read(index), ...decision });
  }

  return { take, giveBack: prune, prune, hold, govern, read: async (index) => read(index) };
}

function mayTake(shard: PermitShard, request: TakeRequest): boolean {
  return (
    shard.leases.length <= request.ifAtMostOut &&
    (shard.phase ?? "closed") === "closed" &&
    (shard.limit ?? request.ifLimit) === request.ifLimit &&
    (shard.heldUntilMs ?? 0) <= request.nowMs
  );
}
