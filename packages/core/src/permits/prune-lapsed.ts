import type { Lease, PermitItems, PermitShard } from "../ports/permit-items.ts";
import { leasesAt } from "./lease.ts";

/** Frees a shard's permits whose holders died; answers with the leases that are left. @throws Unreachable */
export async function pruneLapsed(
  items: PermitItems,
  index: number,
  shard: PermitShard,
  nowMs: number,
): Promise<readonly Lease[]> {
  const { live, lapsed } = leasesAt(shard.leases, nowMs);
  if (lapsed.length > 0) await items.prune(index, lapsed);
  return live;
}
