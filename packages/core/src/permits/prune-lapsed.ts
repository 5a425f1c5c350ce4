import type { Lease, PermitItems, PermitShard } from "../ports/permit-items.ts";
import { LANES } from "../provider/lane.ts";
import { leasesAt } from "./lease.ts";
import { wishesAt } from "./wish.ts";

/** Frees a shard's permits whose holders died, and forgets their wishes; answers with the leases that are left. @throws Unreachable */
export async function pruneLapsed(
  items: PermitItems,
  index: number,
  shard: PermitShard,
  nowMs: number,
): Promise<readonly Lease[]> {
  const { live, lapsed } = leasesAt(shard.leases, nowMs);
  if (lapsed.length > 0) await items.prune(index, lapsed);
  for (const lane of LANES) {
    const { lapsed: wishes } = wishesAt(shard.wishes[lane], nowMs);
    if (wishes.length > 0) await items.withdraw(index, lane, wishes);
  }
  return live;
}
