import { FOR_EVER_MS } from "../orders/orders-in-force.ts";
import { type OrderAnswer, refused } from "./answer.ts";
import { type Author, refusalOfAuthor } from "./author.ts";
import { giveOrder, type OrderRequest } from "./give-order.ts";
import { orderTimesOf, type TimeRequest, timesFromNow } from "./order-times.ts";
import type { SteeringDeps } from "./steering-deps.ts";
import { untilText } from "./until-text.ts";

/** A hold that an operator asks for: by default from now on, for four hours. */
export interface HoldRequest extends Author, TimeRequest, OrderRequest {
  /** The instant of its beginning, for a closure that is planned; one that is past is now. */
  readonly fromMs?: number;
}

/** Length of a hold without an end of its own: a hold that is forgotten ends within the day. */
const USUAL_MS = 4 * 60 * 60_000;
/** Longest time until a planned closure. */
const AHEAD_MAX_MS = 366 * 24 * 60 * 60_000;

/**
 * Holds the provider: from its beginning to its end nothing new is started, within three seconds in every process, and
 * the valve shuts within a minute. Requests under way end as usual. It costs no attempt, and the breaker learns nothing
 * from it. It replaces an earlier hold.
 * @throws Unreachable, StoredRowInvalid as {@link giveOrder}
 */
export async function hold(request: HoldRequest, deps: SteeringDeps): Promise<OrderAnswer> {
  const { by, reason } = request;
  const refusal = refusalOfAuthor(request);
  if (refusal !== undefined) return refusal;
  return giveOrder(
    request,
    (left, id, nowMs) => {
      const fromMs = Math.max(request.fromMs ?? nowMs, nowMs);
      if (!Number.isSafeInteger(fromMs) || fromMs - nowMs > AHEAD_MAX_MS) {
        return refused("time-invalid", "A planned closure begins within a year");
      }
      const bounds = { usualMs: USUAL_MS, maxMs: FOR_EVER_MS };
      const isPlanned = fromMs > nowMs;
      const times = isPlanned ? orderTimesOf(request, fromMs, bounds) : timesFromNow(request, nowMs, bounds);
      if ("kind" in times) return times;
      if (isPlanned && left.hold !== undefined && left.hold.fromMs <= nowMs) {
        const hint = `${left.hold.by} holds it now: a hold that begins later would end that one. Resume it first`;
        return refused("would-open", hint);
      }
      const begins = isPlanned ? ` from ${new Date(fromMs).toISOString()}` : "";
      return {
        kind: "draft",
        given: { hold: { id, by, reason, ...times } },
        summary: `held${begins} ${untilText(times.untilMs)} by ${by}: ${reason}`,
      };
    },
    deps,
  );
}
