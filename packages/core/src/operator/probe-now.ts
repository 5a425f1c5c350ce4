import { Unreachable } from "../errors.ts";
import { type Refused, refused } from "./answer.ts";
import { audit } from "./audit.ts";
import { type Author, refusalOfAuthor } from "./author.ts";
import type { OrderRequest } from "./give-order.ts";
import { type ReasonToStayShut, readSteering } from "./reasons.ts";
import type { SteeringDeps } from "./steering-deps.ts";

/** A probe that an operator asks for, before its time. */
export interface ProbeRequest extends Author, OrderRequest {}

/** The answer to an operator who asks for a probe. */
export type ProbeAnswer =
  /** The breaker lets one call through; `isUnderWay`: it did so before. For a dry run it would. */
  { readonly kind: "asked"; readonly isUnderWay: boolean } | Refused;

/** Tries: ventilators and the waker look at the same time. */
const TRIES = 5;

/**
 * Lets a tripped breaker probe now, whatever the time of its next probe. The waker's next round makes the probe if no
 * ventilator comes first. A hold, a window, a quota and the provider's Retry-After stay in force: it is refused then.
 * @throws Unreachable if the table can't be had now, or other processes decide all the time; StoredRowInvalid
 */
export async function probeNow(request: ProbeRequest, deps: SteeringDeps): Promise<ProbeAnswer> {
  const refusal = refusalOfAuthor(request);
  if (refusal !== undefined) return refusal;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { decided, control, reasons } = await readSteering(deps);
    if (decided.phase === "closed")
      return refused("not-open", "The breaker is closed: there is nothing to probe");
    if (control.phase === "closed") {
      return refused("not-open", "An operator forces the breaker: nothing probes before that ends");
    }
    const shut = reasons.find(isShutForProbes);
    if (shut !== undefined) return refused("shut", hintOf(shut));
    const isUnderWay = decided.phase === "half-open";
    if (request.isDryRun) return { kind: "asked", isUnderWay };
    if (isUnderWay || (await begin(deps))) {
      await audit("asked for a probe now", request, {}, deps);
      return { kind: "asked", isUnderWay };
    }
  }
  throw new Unreachable("the breaker", "other processes decide at the same time");
}

async function begin({ breaker }: SteeringDeps): Promise<boolean> {
  return (await breaker.observe({ kind: "probe-due", hasRecord: true, isAsked: true })) !== "lost";
}

function isShutForProbes(reason: ReasonToStayShut): boolean {
  if (reason.kind === "quota") return !reason.isBulkOnly;
  return ["order", "retry-after", "window"].includes(reason.kind);
}

function hintOf({ kind, untilMs }: ReasonToStayShut): string {
  const until = untilMs === undefined ? "" : ` until ${new Date(untilMs).toISOString()}`;
  return `Nothing may start now, not even a probe: ${WORDS[kind] ?? kind}${until}`;
}

const WORDS: Readonly<Record<string, string>> = {
  order: "an operator holds the provider",
  "retry-after": "the provider asks to wait",
  window: "it is closed by its windows",
  quota: "its quota is used up",
};
