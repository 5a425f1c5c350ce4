import { LAMBDA_TIMEOUT_MAX_MS } from "../aws-bounds.ts";
import { messageOf } from "../errors.ts";
import { beginSplit } from "../permits/begin-split.ts";
import { pruneLapsed } from "../permits/prune-lapsed.ts";
import { shardIndexes } from "../permits/shares.ts";
import { extentOf, FIRST_SHARD, readAllShards } from "../permits/split.ts";
import type { PermitShard } from "../ports/permit-items.ts";
import type { DrainingSplit, LendingSplit, Split } from "../ports/split.ts";
import { beginEpoch } from "./begin-epoch.ts";
import type { BreakerDeps } from "./breaker-deps.ts";
import { copyOrderedHold, readOrders } from "./heed-orders.ts";
import { missingBlockers, placeBlockers } from "./make-room.ts";
import { spreadControl } from "./shards.ts";

/**
 * Moves a provider's permits to the number of shards that this version's configuration proposes. The number is data,
 * not configuration: versions with different ones run side by side after a deploy, and each take names the one in
 * force.
 *
 * A move marks all shards of both splits as draining, waits until the permits are back that have no room in the new
 * split, begins an epoch, tells it to all of them, and then lets them lend, the first shard last. A permit whose holder
 * has died is not waited for: it is counted in a shard that has room. Each write carries the version of its step, so
 * that several movers, one that is late, and one that goes on where another died do no harm.
 */
export interface ShardMover {
  /**
   * Takes a move as far as it goes until an instant; the next call goes on. Never throws.
   * @param present the first shard's split, as it was read a moment ago
   */
  move(present: Split, untilMs: number): Promise<void>;
}

/**
 * Least time that a split is in force: the longest life of an environment of another version, which may propose the
 * earlier one or know of no splits, and a while for it to get its last invocation.
 */
export const SPLIT_KEPT_MS: number = LAMBDA_TIMEOUT_MAX_MS + 5 * 60_000;
/** Time for a holder to see that the gate is shut and, after its last call, to return its permits. */
const RETURN_MS = 30_000;
/** Time between two looks at shards that are draining. */
const LOOK_EVERY_MS = 1_000;

/** Makes the mover of one process. */
export function createShardMover(deps: BreakerDeps): ShardMover {
  const { items, bounds, clock, log } = deps;

  async function move(present: Split, untilMs: number): Promise<void> {
    try {
      const split = await begin(present);
      if (split === undefined) return;
      await markDraining(deps, split);
      if (await isDrained(deps, split, untilMs)) await open(deps, split);
    } catch (thrown) {
      log.warn("permits could not be moved to other shards yet", { cause: messageOf(thrown) });
    }
  }

  /** The move that is under way, or is begun; undefined if there is nothing to move. */
  async function begin(split: Split): Promise<DrainingSplit | undefined> {
    const nowMs = clock.nowMs();
    switch (split.kind) {
      case "none":
        await beginSplit(items, bounds, nowMs);
        return undefined;
      case "draining":
        return split;
      case "lending": {
        if (split.count === bounds.shardCount || nowMs - split.sinceMs < SPLIT_KEPT_MS) return undefined;
        await items.setSplit(FIRST_SHARD, drainingAfter(split, bounds.shardCount, nowMs));
        const begun = (await items.read(FIRST_SHARD)).split;
        log.info("permits move to other shards", { split: begun });
        return begun.kind === "draining" ? begun : undefined;
      }
    }
  }

  return { move };
}

function drainingAfter(before: LendingSplit, toCount: number, sinceMs: number): DrainingSplit {
  return { kind: "draining", version: before.version + 1, fromCount: before.count, toCount, sinceMs };
}

async function markDraining({ items, bounds }: BreakerDeps, split: DrainingSplit): Promise<void> {
  const indexes = shardIndexes(extentOf(split, bounds)).filter((index) => index !== FIRST_SHARD);
  await Promise.all(indexes.map((index) => items.setSplit(index, split)));
}

/**
 * Waits until the permits of the earlier split are back, or have room in the new one; false if that takes longer, or
 * others have let it lend.
 */
async function isDrained(deps: BreakerDeps, split: DrainingSplit, untilMs: number): Promise<boolean> {
  const { items, bounds, clock } = deps;
  for (;;) {
    const shards = await readAllShards(items, bounds);
    if ((shards[FIRST_SHARD]?.split.version ?? 0) > split.version) return false;
    // Another mover has seen them drained, and died when it let them lend.
    if (shards.some((shard) => shard.split.version > split.version)) return true;
    const isMarked = shards.every((shard) => shard.split.version === split.version);
    if (isMarked && (await isRoomFor(deps, split, shards))) return true;
    if (clock.nowMs() + LOOK_EVERY_MS >= untilMs) return false;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

/** True if all permits that are out have room in the new split; those of holders that must have died are given some. */
async function isRoomFor(
  { items, bounds, clock, provider }: BreakerDeps,
  { toCount, sinceMs }: DrainingSplit,
  shards: readonly PermitShard[],
): Promise<boolean> {
  const nowMs = clock.nowMs();
  const live = await Promise.all(shards.map((shard, index) => pruneLapsed(items, index, shard, nowMs)));
  const missing = missingBlockers(live, { maxConcurrency: bounds.maxConcurrency, toCount });
  if (missing === undefined) return false;
  const mayBeAlive = nowMs - sinceMs < provider.worker.timeoutMs + RETURN_MS;
  if (missing.length > 0 && mayBeAlive) return false;
  await placeBlockers(items, missing);
  return true;
}

async function open(deps: BreakerDeps, { version, fromCount, toCount }: DrainingSplit): Promise<void> {
  const { items, bounds, clock, log } = deps;
  const occasion = { rule: "the permits move to other shards", inputs: { fromCount, toCount } };
  const control = await beginEpoch(deps, occasion);
  await spreadControl(deps, control);
  const known = await readOrders(deps);
  const shards = await copyOrderedHold(deps, known, await readAllShards(items, bounds));
  const heldUntilMs = Math.max(...shards.map((shard) => shard.heldUntilMs));
  const split: LendingSplit = {
    kind: "lending",
    version: version + 1,
    count: toCount,
    sinceMs: clock.nowMs(),
  };
  const others = shardIndexes(toCount).filter((index) => index !== FIRST_SHARD);
  await Promise.all(
    others.map(async (index) => {
      if (heldUntilMs > 0) await items.hold(index, heldUntilMs);
      await items.setSplit(index, split);
    }),
  );
  await items.setSplit(FIRST_SHARD, split);
  log.info("permits have moved to other shards", { split });
}
