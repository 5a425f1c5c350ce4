import { readMemory } from "../breaker/memory.ts";
import { type OrderAnswer, refused } from "./answer.ts";
import { type Author, refusalOfAuthor } from "./author.ts";
import { giveOrder, type OrderRequest } from "./give-order.ts";
import { type TimeRequest, timesFromNow } from "./order-times.ts";
import type { SteeringDeps } from "./steering-deps.ts";
import { untilText } from "./until-text.ts";

/** A force that an operator asks for: from now on, by default for a quarter of an hour, and for an hour at most. */
export interface ForceRequest extends Author, TimeRequest, OrderRequest {
  /** The most requests at once, at most X. */
  readonly limit: number;
}

const USUAL_MS = 15 * 60_000;
/** Longest force: attempts are charged meanwhile, and nothing protects the provider but X. */
const MAX_MS = 60 * 60_000;

/**
 * Lets requests flow although the breaker is open or probes: until the end of the order at that limit, and nothing probes.
 * Their attempts are charged. Holds still keep the gate shut. The law sees nothing of it, and goes on afterwards where it
 * was. It replaces an earlier force.
 * @throws Unreachable, StoredRowInvalid as {@link giveOrder}
 */
export async function force(request: ForceRequest, deps: SteeringDeps): Promise<OrderAnswer> {
  const { by, reason, limit } = request;
  const { maxConcurrency } = deps.provider;
  const refusal = refusalOfAuthor(request);
  if (refusal !== undefined) return refusal;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxConcurrency) {
    return refused(
      "limit-invalid",
      `A forced limit is a whole number from 1 to X, which is ${maxConcurrency}`,
    );
  }
  const { memory } = await readMemory(deps);
  if (memory.law.phase === "closed") {
    const hint = `The breaker is closed, at limit ${memory.law.limit}: to lower the limit, pin it`;
    return refused("not-open", hint);
  }
  const answer = await giveOrder(
    request,
    (_, id, nowMs) => {
      const times = timesFromNow(request, nowMs, { usualMs: USUAL_MS, maxMs: MAX_MS });
      if ("kind" in times) return times;
      return {
        kind: "draft",
        given: { force: { id, by, reason, limit, ...times } },
        summary: `forced to limit ${limit} ${untilText(times.untilMs)} by ${by}: ${reason}`,
      };
    },
    deps,
  );
  if (answer.kind === "ordered" && !request.isDryRun)
    deps.log.error("an operator forces the breaker", { ...answer.change });
  return answer;
}
