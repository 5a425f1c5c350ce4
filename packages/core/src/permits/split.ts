import type { PermitItems, PermitShard } from "../ports/permit-items.ts";
import type { LendingSplit, Split, UnsplitShard } from "../ports/split.ts";
import type { PermitBounds } from "./gate.ts";
import { shardIndexes } from "./shares.ts";

/** The shard that knows how many shards there are, whatever any configuration says. */
export const FIRST_SHARD = 0;

/** The split of a shard that no split has reached. */
export const NO_SPLIT: UnsplitShard = { kind: "none", version: 0 };

/** The first split of a provider. */
export function firstSplit(count: number, sinceMs: number): LendingSplit {
  return { kind: "lending", version: 1, count, sinceMs };
}

/** Number of shards that may hold leases or evidence, from the first shard's split. */
export function extentOf(split: Split, { shardCount }: PermitBounds): number {
  switch (split.kind) {
    case "none":
      return shardCount;
    case "lending":
      return split.count;
    case "draining":
      return Math.max(split.fromCount, split.toCount);
  }
}

/** The numbers of all shards that there are now. @throws Unreachable, StoredRowInvalid */
export async function shardIndexesNow(items: PermitItems, bounds: PermitBounds): Promise<number[]> {
  const { split } = await items.read(FIRST_SHARD);
  return shardIndexes(extentOf(split, bounds));
}

/** Reads all shards that there are now, those of `known` excepted. @throws Unreachable, StoredRowInvalid */
export async function readAllShards(
  items: PermitItems,
  bounds: PermitBounds,
  known: ReadonlyMap<number, PermitShard> = new Map(),
): Promise<PermitShard[]> {
  const read = async (index: number) => known.get(index) ?? items.read(index);
  const expected = await Promise.all(shardIndexes(bounds.shardCount).map(read));
  const split = expected[FIRST_SHARD]?.split ?? NO_SPLIT;
  const indexes = shardIndexes(extentOf(split, bounds));
  return Promise.all(indexes.map(async (index) => expected[index] ?? read(index)));
}
