import { Unreachable } from "../errors.ts";
import type { PermitItems, PermitShard, Wish } from "../ports/permit-items.ts";
import type { Lane } from "../provider/lane.ts";
import { mayWish } from "./precedence.ts";
import { makeWishes, WISH_MS, WISHES_MAX } from "./wish.ts";

/** The wishes that a batch has left on a shard. */
export interface LeftWish {
  readonly lane: Lane;
  readonly shardIndex: number;
  readonly wishes: readonly Wish[];
}

/** A batch that has found no permit. */
export interface Waiting {
  readonly lane: Lane;
  readonly holderId: string;
  readonly wanted: number;
  readonly nowMs: number;
  /** The wishes that it has left before. */
  readonly left?: LeftWish;
}

/** A wish is renewed when it has less time left than this: still more than clocks may differ. */
const RENEWED_BELOW_MS = 3_000;

/**
 * Leaves the wishes of a batch on a shard that it has seen full, or renews them: the new ones come before the old ones go,
 * so that there is no gap.
 * @returns the wishes that stand now; undefined if there are none
 * @throws Unreachable; what was left then runs out
 */
export async function leaveWish(
  items: PermitItems,
  shardIndex: number,
  share: number,
  shard: PermitShard,
  { lane, holderId, wanted, nowMs, left }: Waiting,
): Promise<LeftWish | undefined> {
  if (stands(left, shardIndex, shard, nowMs)) return left;
  const roomCount = mayWish(lane, share, shard, nowMs) ? WISHES_MAX - shard.wishes[lane].length : 0;
  const count = Math.min(wanted, share, roomCount);
  if (count <= 0) return left?.wishes.some(({ untilMs }) => untilMs > nowMs) ? left : undefined;
  const wishes = makeWishes(holderId, count, nowMs + WISH_MS);
  await items.wish(shardIndex, lane, wishes, WISHES_MAX - count);
  if (left !== undefined) await items.withdraw(left.shardIndex, lane, left.wishes);
  return { lane, shardIndex, wishes };
}

function stands(
  left: LeftWish | undefined,
  shardIndex: number,
  { wishes }: PermitShard,
  nowMs: number,
): boolean {
  if (left === undefined || left.shardIndex !== shardIndex) return false;
  return left.wishes.every(
    ({ text, untilMs }) =>
      untilMs - nowMs >= RENEWED_BELOW_MS && wishes[left.lane].some((other) => other.text === text),
  );
}

/** Withdraws the wishes of a batch that waits no longer. Never throws for the store: what stays runs out. */
export async function withdrawWish(
  items: PermitItems,
  { shardIndex, lane, wishes }: LeftWish,
): Promise<void> {
  try {
    await items.withdraw(shardIndex, lane, wishes);
  } catch (thrown) {
    if (!(thrown instanceof Unreachable)) throw thrown;
  }
}
