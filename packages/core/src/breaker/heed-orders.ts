import { messageOf } from "../errors.ts";
import { type Control, type ControlState, controlOf } from "../law/control.ts";
import { type KnownOrders, parseOrders } from "../orders/parse-orders.ts";
import { steered } from "../orders/steered.ts";
import { CLOCK_SKEW_MS } from "../permits/lease.ts";
import type { OrderChange } from "../ports/orders.ts";
import type { OrderedHold, PermitShard } from "../ports/permit-items.ts";
import type { BreakerDeps } from "./breaker-deps.ts";
import type { Occasion } from "./occasion.ts";

/** Reads the orders that all processes share. @throws Unreachable; StoredRowInvalid if the row has no version or no JSON */
export async function readOrders({ orders, log }: Pick<BreakerDeps, "orders" | "log">): Promise<KnownOrders> {
  const known = parseOrders(await orders.read());
  const { unreadable } = known;
  if (unreadable !== undefined)
    log.error("the operators' orders can't be read, there are none", { unreadable });
  return known;
}

/**
 * Copies the hold of the orders to shards that have an earlier one, as after a crash of who gave it, and of new shards,
 * and keeps the change in the trail of events: the same event again is one. A hold that is planned is copied with a
 * beginning as much earlier as the longest call takes, so that nothing is in flight in it.
 * @returns the shards as they are then
 * @throws Unreachable
 */
export async function copyOrderedHold(
  deps: Pick<BreakerDeps, "items" | "events" | "log" | "provider">,
  { orders, version, unreadable }: KnownOrders,
  shards: readonly PermitShard[],
): Promise<readonly PermitShard[]> {
  if (unreadable !== undefined) return shards;
  const { fromMs = 0, untilMs = 0 } = orders.hold ?? {};
  const startsEndMs = Math.max(0, fromMs - deps.provider.worker.timeoutMs - CLOCK_SKEW_MS);
  const orderedHold: OrderedHold = { version, fromMs: startsEndMs, untilMs };
  const isBehind = (shard: PermitShard) => (shard.orderedHold?.version ?? 0) < version;
  const behind = shards.flatMap((shard, index) => (isBehind(shard) ? [index] : []));
  if (behind.length === 0) return shards;
  await Promise.all([
    ...behind.map((index) => deps.items.setOrderedHold(index, orderedHold)),
    ...(orders.change === undefined ? [] : [recordChange(deps, orders.change)]),
  ]);
  return shards.map((shard) => (isBehind(shard) ? { ...shard, orderedHold } : shard));
}

/** Keeps a change of the orders in the trail. Never throws: the orders themselves have the last one. */
async function recordChange(
  { events, log }: Pick<BreakerDeps, "events" | "log">,
  { id, atMs, summary, ...change }: OrderChange,
): Promise<void> {
  try {
    await events.append({ id, atMs, kind: "order", summary, details: change });
  } catch (thrown) {
    log.error("an order could not be kept as an event", { summary, ...change, cause: messageOf(thrown) });
  }
}

/**
 * The occasion to begin an epoch because orders want another control than shards of the present one carry: an order came,
 * or has ended. Undefined if they agree, or if the order is so nearly over that another process may take it for ended.
 */
export function steeringOccasion(
  state: ControlState,
  { orders }: KnownOrders,
  shards: readonly PermitShard[],
  nowMs: number,
): Occasion | undefined {
  const wanted = controlOf(steered(state, orders, nowMs));
  const other = shards.find((shard) => shard.epoch === wanted.epoch && !isSteeredAlike(shard, wanted));
  if (other === undefined) return undefined;
  const { pinnedUntilMs, forcedUntilMs } = wanted;
  const untilMs = forcedUntilMs ?? pinnedUntilMs;
  if (untilMs !== undefined && untilMs - nowMs <= CLOCK_SKEW_MS) return undefined;
  const { phase, limit, epoch, probeAtMs } = other;
  const before = controlOf({ phase, limit, epoch, ...(probeAtMs === undefined ? {} : { probeAtMs }) });
  return { rule: ruleOf(wanted), inputs: {}, before };
}

function ruleOf({ pinnedUntilMs, forcedUntilMs }: Control): string {
  if (forcedUntilMs !== undefined) return "an operator forces the breaker";
  return pinnedUntilMs === undefined ? "no order shapes the limit any more" : "an operator pins the limit";
}

/** True if orders shape both alike: a limit that none shapes may be that of another version's contract. */
function isSteeredAlike(one: Control, other: Control): boolean {
  const isSteered = other.pinnedUntilMs !== undefined || other.forcedUntilMs !== undefined;
  return (
    one.pinnedUntilMs === other.pinnedUntilMs &&
    one.forcedUntilMs === other.forcedUntilMs &&
    (!isSteered || one.limit === other.limit)
  );
}
