import { leasesAt } from "../permits/lease.ts";
import type { WakerDeps } from "./deps.ts";

/** Frees permits whose holders died. Check-outs do so too, but only when they find none free. */
export async function pruneLapsed({
  items,
  bounds,
  clock,
  log,
}: Pick<WakerDeps, "items" | "bounds" | "clock" | "log">): Promise<void> {
  for (let shard = 0; shard < bounds.shardCount; shard += 1) {
    const { leases } = await items.read(shard);
    const { lapsed } = leasesAt(leases, clock.nowMs());
    if (lapsed.length === 0) continue;
    log.warn("permits of holders that died have run out", { shard, permits: lapsed.length });
    await items.prune(shard, lapsed);
  }
}
