import type { PermitItems, PermitShard } from "../ports/permit-items.ts";
import type { LendingSplit } from "../ports/split.ts";
import { beginSplit } from "./begin-split.ts";
import type { PermitBounds } from "./gate.ts";
import type { KnownShards } from "./known-shards.ts";
import { FIRST_SHARD } from "./split.ts";

/**
 * Learns the limit and split that a refusing shard is under.
 * @returns `known` if the caller reckoned with this split: the shard may be asked again; `elsewhere` if it has learnt
 * of another one; `full` while the permits move from one split to another
 * @throws Unreachable, StoredRowInvalid
 */
export async function learnSplit(
  items: PermitItems,
  bounds: PermitBounds,
  known: KnownShards,
  index: number,
  shard: PermitShard,
  nowMs: number,
): Promise<"known" | "elsewhere" | "full"> {
  const reckonedCount = known.shardCount();
  known.note(shard);
  const present = shard.split.kind === "lending" ? shard.split : await begunSplit();
  if (present === undefined) return "full";
  return present.count === reckonedCount && index < reckonedCount ? "known" : "elsewhere";

  /** The split in force, when the shard is not yet part of it, or not any more: the first one knows. */
  async function begunSplit(): Promise<LendingSplit | undefined> {
    let first = index === FIRST_SHARD ? shard : await items.read(FIRST_SHARD);
    if (first.split.kind === "none") first = await beginSplit(items, bounds, nowMs);
    known.note(first);
    const { split } = first;
    if (split.kind !== "lending") return undefined;
    const isMissing = shard.split.kind === "none" && index < split.count;
    if (isMissing && index !== FIRST_SHARD) {
      // An operator may have counted on fewer shards than there come to be.
      if (first.orderedHold !== undefined) await items.setOrderedHold(index, first.orderedHold);
      await items.setSplit(index, split);
    }
    return split;
  }
}
