import type { PermitItems, PermitShard } from "../ports/permit-items.ts";
import type { Random } from "../ports/random.ts";
import { askShard, type Shards } from "./ask-shard.ts";
import type { CheckOut, CheckOutRequest } from "./check-out.ts";
import type { PermitBounds } from "./gate.ts";
import type { KnownShards } from "./known-shards.ts";
import { type LeftWish, leaveWish, withdrawWish } from "./leave-wish.ts";

/** Checks permits out of the shards of one provider. */
export interface Lender {
  /** @throws Unreachable, StoredRowInvalid */
  checkOut(request: CheckOutRequest): Promise<CheckOut>;
}

/** Shards asked before the pool counts as full: enough to find a free permit, few enough to stay cheap. */
const SHARDS_ASKED_MAX = 2;
/** Times that a caller learns in one call that other shards lend than it knew of. */
const CORRECTIONS_MAX = 3;

/** A shard that has been found full. */
interface FullShard {
  readonly index: number;
  readonly shard: PermitShard;
}

/** Makes a lender. It remembers its last shard with a free permit: one is likely free there again. */
export function createLender(
  items: PermitItems,
  bounds: PermitBounds,
  known: KnownShards,
  random: Random,
): Lender {
  const shards: Shards = { items, bounds, known };
  const anyShard = () => Math.floor(random.next() * known.shardCount());
  let favouriteShard = anyShard();

  async function checkOut(request: CheckOutRequest): Promise<CheckOut> {
    let corrections = 0;
    let full: FullShard | undefined;
    let first = request.left?.shardIndex ?? favouriteShard;
    for (let asked = 0; asked < Math.min(SHARDS_ASKED_MAX, known.lendingCount(request.nowMs)); ) {
      const index = (first + asked) % known.lendingCount(request.nowMs);
      const answer = await askShard(shards, index, request);
      if (answer.kind === "elsewhere") {
        corrections += 1;
        if (corrections > CORRECTIONS_MAX) break;
        first = anyShard();
        full = undefined;
        asked = 0;
        continue;
      }
      if (answer.kind === "granted") {
        favouriteShard = index;
        await withdrawElsewhere(shards, index, request);
      }
      if (answer.kind !== "full") return answer;
      if (answer.shard !== undefined) full ??= { index, shard: answer.shard };
      asked += 1;
    }
    favouriteShard = anyShard();
    const left = full === undefined ? request.left : await leaveWishOn(shards, full, request);
    const pinnedUntilMs = full?.shard.pinnedUntilMs;
    return { kind: "full", ...(left && { left }), ...(pinnedUntilMs !== undefined && { pinnedUntilMs }) };
  }

  return { checkOut };
}

async function withdrawElsewhere({ items }: Shards, index: number, { left }: CheckOutRequest): Promise<void> {
  if (left !== undefined && left.shardIndex !== index) await withdrawWish(items, left);
}

function leaveWishOn(
  { items, known }: Shards,
  { index, shard }: FullShard,
  { lane = "records", ...request }: CheckOutRequest,
): Promise<LeftWish | undefined> {
  return leaveWish(items, index, known.shareOf(index, request.nowMs), shard, { lane, ...request });
}
