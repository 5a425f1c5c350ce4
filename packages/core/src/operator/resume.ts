import { readAllShards } from "../permits/split.ts";
import type { OrderKind } from "../ports/orders.ts";
import { type OrderAnswer, refused } from "./answer.ts";
import { refusalOfAuthor } from "./author.ts";
import { giveOrder, type OrderRequest } from "./give-order.ts";
import type { SteeringDeps } from "./steering-deps.ts";

/** An end of orders that an operator asks for. */
export interface ResumeRequest extends OrderRequest {
  readonly reason?: string;
  /** The orders to end; by default the hold alone. */
  readonly ends?: readonly OrderKind[];
}

/**
 * Ends orders at once, those that are still to come too. The limit is the one that the law has learned.
 * @throws Unreachable, StoredRowInvalid as {@link giveOrder}
 */
export async function resume(request: ResumeRequest, deps: SteeringDeps): Promise<OrderAnswer> {
  const { by, reason = "no reason given", ends = ["hold"] } = request;
  const refusal = refusalOfAuthor({ by, reason });
  if (refusal !== undefined) return refusal;
  const areShardsHeld = ends.includes("hold") && (await hasCopies(deps));
  return giveOrder(
    request,
    (left) => {
      const isAny = areShardsHeld || ends.some((kind) => left[kind] !== undefined);
      if (!isAny) return refused("nothing-to-end", `There is no order to end: no ${ends.join(", no ")}`);
      return { kind: "draft", ends, summary: `resumed (${ends.join(", ")}) by ${by}: ${reason}` };
    },
    deps,
  );
}

/** True if a permit shard is held, or will be: the copy may have outlived the orders. */
async function hasCopies({ items, bounds, clock }: SteeringDeps): Promise<boolean> {
  const shards = await readAllShards(items, bounds);
  return shards.some(({ orderedHold }) => (orderedHold?.untilMs ?? 0) > clock.nowMs());
}
