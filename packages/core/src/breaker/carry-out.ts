import { messageOf } from "../errors.ts";
import type { ControlState } from "../law/control.ts";
import { describeDecision } from "../law/describe-decision.ts";
import type { Decision } from "../law/law.ts";
import type { TimedOrders } from "../orders/orders-in-force.ts";
import { isForced, steered } from "../orders/steered.ts";
import { announceHold } from "./announce-hold.ts";
import type { BreakerDeps } from "./breaker-deps.ts";
import type { BreakerStatus } from "./breaker-status.ts";
import { spreadControl } from "./shards.ts";

/** Circumstances in which a decision is carried out. */
export interface Circumstances extends Pick<BreakerStatus, "heldUntilMs" | "plannedUntilMs"> {
  /** The orders that shape the control. */
  readonly orders: TimedOrders;
}

/**
 * Carries out a committed decision: log and metric, event, shards, valve. Never throws: what fails here is
 * made up for by the next look and the next waker.
 */
export async function carryOut(
  deps: BreakerDeps,
  decision: Decision,
  decided: ControlState,
  { heldUntilMs, plannedUntilMs, orders }: Circumstances,
): Promise<void> {
  const { clock, ids, log, metrics, events, reconciler } = deps;
  const summary = describeDecision(decision);
  const control = steered(decided, orders, clock.nowMs());
  log.info("decision", { summary, ...decision });
  if (isForced(decided, orders, clock.nowMs())) log.error("the breaker is forced", { summary, ...decision });
  metrics.decision({
    phase: control.phase,
    previousPhase: decision.before.phase,
    limit: control.limit,
    rule: decision.rule,
  });
  const atMs = clock.nowMs();
  const event = { id: ids.next(), atMs, kind: "decision" as const, summary, details: decision };
  const results = await Promise.allSettled([
    spreadControl(deps, control),
    events.append(event),
    announceHold(deps, decision, decided),
  ]);
  for (const result of results) {
    if (result.status === "rejected") {
      log.warn("a decision could not be spread yet", { summary, cause: messageOf(result.reason) });
    }
  }
  await reconciler.reconcile(control, { heldUntilMs, plannedUntilMs });
}

/** Records the decision of a law that is not in force. Never throws: nothing depends on the record. */
export async function recordAdvice(
  { clock, ids, log, events }: BreakerDeps,
  advice: Decision,
): Promise<void> {
  const summary = `would: ${describeDecision(advice)}`;
  log.info("advice", { summary, ...advice });
  try {
    await events.append({ id: ids.next(), atMs: clock.nowMs(), kind: "advice", summary, details: advice });
  } catch (thrown) {
    log.warn("an advice could not be stored", { summary, cause: messageOf(thrown) });
  }
}
