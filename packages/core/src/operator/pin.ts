import { FOR_EVER_MS } from "../orders/orders-in-force.ts";
import { type OrderAnswer, refused } from "./answer.ts";
import { type Author, refusalOfAuthor } from "./author.ts";
import { giveOrder, type OrderRequest } from "./give-order.ts";
import { type TimeRequest, timesFromNow } from "./order-times.ts";
import type { SteeringDeps } from "./steering-deps.ts";
import { untilText } from "./until-text.ts";

/** A pin that an operator asks for: from now on, by default for four hours. */
export interface PinRequest extends Author, TimeRequest, OrderRequest {
  /** The most requests at once, below X. */
  readonly limit: number;
}

/** Length of a pin without an end of its own. */
const USUAL_MS = 4 * 60 * 60_000;

/**
 * Pins the limit: until the end of the order at most so many requests are in flight, and fewer where the law wants fewer.
 * The law's own limit stays, and is in force again afterwards. It replaces an earlier pin.
 * @throws Unreachable, StoredRowInvalid as {@link giveOrder}
 */
export async function pin(request: PinRequest, deps: SteeringDeps): Promise<OrderAnswer> {
  const { by, reason, limit } = request;
  const { maxConcurrency } = deps.provider;
  const refusal = refusalOfAuthor(request);
  if (refusal !== undefined) return refusal;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit >= maxConcurrency) {
    const hint = `A pin is a whole number from 1 to ${maxConcurrency - 1}, below X: to stop the provider, hold it`;
    return refused("limit-invalid", hint);
  }
  return giveOrder(
    request,
    (_, id, nowMs) => {
      const times = timesFromNow(request, nowMs, { usualMs: USUAL_MS, maxMs: FOR_EVER_MS });
      if ("kind" in times) return times;
      return {
        kind: "draft",
        given: { pin: { id, by, reason, limit, ...times } },
        summary: `pinned to limit ${limit} ${untilText(times.untilMs)} by ${by}: ${reason}`,
      };
    },
    deps,
  );
}
