import { type ControlState, controlOf } from "../law/control.ts";
import { type Evidence, NO_EVIDENCE, plus } from "../law/evidence.ts";
import { leasesAt } from "../permits/lease.ts";
import { readAllShards, shardIndexesNow } from "../permits/split.ts";
import type { PermitShard, Report } from "../ports/permit-items.ts";
import type { BreakerDeps } from "./breaker-deps.ts";

/** A ventilator's report, and the shard as it was afterwards. */
export interface ReportedShard {
  readonly shardIndex: number;
  readonly shard: PermitShard;
  readonly report: Report;
}

/** Reads each shard anew, unless a report brought it. @throws Unreachable, StoredRowInvalid */
export function readShards({ items, bounds }: BreakerDeps, brought?: ReportedShard): Promise<PermitShard[]> {
  return readAllShards(items, bounds, new Map(brought && [[brought.shardIndex, brought.shard]]));
}

/**
 * Tells all shards a control. Which there are is read after its commit: a move to other shards commits an epoch of its
 * own once it has begun, so that a decision of before it never comes later.
 * @throws Unreachable, StoredRowInvalid
 */
export async function spreadControl(
  { items, bounds }: Pick<BreakerDeps, "items" | "bounds">,
  control: ControlState,
): Promise<void> {
  const indexes = await shardIndexesNow(items, bounds);
  await Promise.all(indexes.map((index) => items.setControl(index, controlOf(control))));
}

/** Sets the control, as it is steered, of shards that a crash between commit and spreading left behind. @throws Unreachable */
export async function healShards(
  { items }: BreakerDeps,
  control: ControlState,
  shards: readonly PermitShard[],
): Promise<void> {
  const behind = shards.flatMap(({ epoch }, index) => (epoch < control.epoch ? [index] : []));
  await Promise.all(behind.map((index) => items.setControl(index, controlOf(control))));
}

/** The latest epoch that any shard has been told of. */
export function latestEpoch(shards: readonly PermitShard[]): number {
  return Math.max(...shards.map(({ epoch }) => epoch));
}

/** The evidence of an epoch, over all shards. */
export function evidenceOfEpoch(shards: readonly PermitShard[], epoch: number): Evidence {
  const current = shards.filter((shard) => shard.epoch === epoch);
  return current.reduce((sum, { evidence }) => plus(sum, evidence), NO_EVIDENCE);
}

/** Permits that are out. */
export function inFlightCountOf(shards: readonly PermitShard[], nowMs: number): number {
  return shards.reduce((sum, { leases }) => sum + leasesAt(leases, nowMs).live.length, 0);
}
