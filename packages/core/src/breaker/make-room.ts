import { shardIndexes, shardShare } from "../permits/shares.ts";
import type { Lease, PermitItems } from "../ports/permit-items.ts";

/** A new split of at most X permits. */
export interface Room {
  readonly maxConcurrency: number;
  readonly toCount: number;
}

/** A lease that takes up room in another shard for one that has no room in its own. */
export interface Blocker {
  readonly shard: number;
  readonly lease: Lease;
}

const BLOCKER_PREFIX = "blocks ";

/**
 * The blockers that are missing before a new split may lend. A shard may hold more permits than it may lend then, or
 * be left out; each of those takes up the room of one permit in a shard that has some, for as long as it lasts. So the
 * shares of all shards still add up to X at most.
 * @param live the leases of each shard
 * @returns undefined if there is not enough room
 */
export function missingBlockers(
  live: readonly (readonly Lease[])[],
  room: Room,
): readonly Blocker[] | undefined {
  const shareOf = (shard: number) =>
    shard < room.toCount ? shardShare(room.maxConcurrency, room.toCount, shard) : 0;
  const present = new Set(live.slice(0, room.toCount).flatMap((leases) => leases.map(({ text }) => text)));
  const needed: Lease[] = [];
  for (const [shard, leases] of live.entries()) {
    const excessCount = leases.length - shareOf(shard);
    const movable = leases.filter(({ text }) => !text.startsWith(BLOCKER_PREFIX)).toSorted(byText);
    // More blockers than room: two movers have placed theirs at once. They run out.
    if (shard < room.toCount && excessCount > movable.length) return undefined;
    const excess = movable.slice(0, Math.max(0, excessCount));
    needed.push(...excess.map((lease) => blockerFor(shard, lease)).filter(({ text }) => !present.has(text)));
  }
  const free = shardIndexes(room.toCount).flatMap((shard) => {
    const freeCount = Math.max(0, shareOf(shard) - (live[shard]?.length ?? 0));
    return Array.from({ length: freeCount }, () => shard);
  });
  if (needed.length > free.length) return undefined;
  return needed.flatMap((lease, nth) => {
    const shard = free[nth];
    return shard === undefined ? [] : [{ shard, lease }];
  });
}

/** Places blockers. @throws Unreachable */
export async function placeBlockers(items: PermitItems, blockers: readonly Blocker[]): Promise<void> {
  await Promise.all(blockers.map(({ shard, lease }) => items.add(shard, [lease])));
}

function blockerFor(shard: number, { text, ...times }: Lease): Lease {
  return { text: `${BLOCKER_PREFIX}${shard}:${text}`, ...times };
}

function byText(one: Lease, other: Lease): number {
  return one.text < other.text ? -1 : 1;
}
