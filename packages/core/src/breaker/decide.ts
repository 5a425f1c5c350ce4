import { type ControlState, controlOf } from "../law/control.ts";
import { type Evidence, NO_EVIDENCE, successCount } from "../law/evidence.ts";
import { type FreshEvidence, freshEvidence } from "../law/fresh-evidence.ts";
import type { Observation, Step } from "../law/law.ts";
import { lawConfigOf } from "../law/law-config.ts";
import type { KnownOrders } from "../orders/parse-orders.ts";
import { isForced, steered } from "../orders/steered.ts";
import type { PermitShard } from "../ports/permit-items.ts";
import { meanLatencyMsOf } from "../steering/quotas/block-size.ts";
import { mostInFlight } from "../steering/quotas/in-flight.ts";
import type { BreakerDeps } from "./breaker-deps.ts";
import { type BreakerStatus, statusOf } from "./breaker-status.ts";
import { commitStep } from "./commit-step.ts";
import { copyOrderedHold, readOrders, steeringOccasion } from "./heed-orders.ts";
import { readMemory, type StoredMemory } from "./memory.ts";
import type { Occasion } from "./occasion.ts";
import { evidenceOfEpoch, healShards, latestEpoch, type ReportedShard, readShards } from "./shards.ts";

/** The memory, and the shards as they were read after it. */
export interface View {
  readonly stored: StoredMemory;
  readonly known: KnownOrders;
  readonly shards: readonly PermitShard[];
  /** The memory was the same when the view before this one was read. */
  readonly isSettled: boolean;
}

/** Least time between two stores of a state without a decision: until then its evidence is in the shards. */
const STORE_EVERY_MS = 2_000;

/**
 * Reads a view: the memory first, so that no evidence in the shards is older than it, and the orders, so that each shard
 * is seen that there is when they are given.
 * @throws Unreachable, StoredRowInvalid
 */
export async function readView(deps: BreakerDeps, brought?: ReportedShard, earlier?: View): Promise<View> {
  const [stored, known] = await Promise.all([readMemory(deps), readOrders(deps)]);
  // A shard of an earlier epoch may be of an earlier split, too.
  const isOfEpoch = brought?.shard.epoch === stored.memory.law.epoch;
  const shards = await readShards(deps, isOfEpoch ? brought : undefined);
  return { stored, known, shards, isSettled: earlier?.stored.version === stored.version };
}

/**
 * Lets the law decide on the evidence that it has not seen yet.
 * @param returnedCount permits that were in use until the report that led here
 * @param occasion a reason to begin an epoch even if the law decides nothing
 * @returns the status; `again` if another process was quicker, or may have been
 * @throws Unreachable
 */
export async function decideOn(
  deps: BreakerDeps,
  view: View,
  returnedCount: number,
  occasion?: Occasion,
): Promise<BreakerStatus | "again"> {
  const { stored, known, isSettled } = view;
  const { law: state, counted } = stored.memory;
  const shards = await copyOrderedHold(deps, known, view.shards);
  if (latestEpoch(shards) > state.epoch) return beginAfresh(deps, { ...view, shards });
  const nowMs = deps.clock.nowMs();
  const inForce = steered(state, known.orders, nowMs);
  await healShards(deps, inForce, shards);
  const total = evidenceOfEpoch(shards, state.epoch);
  const fresh = freshEvidence(total, counted);
  // The shards were read before another process counted evidence that was added since; or a shard was lost.
  if (fresh.isOvertaken && !isSettled) return "again";
  const status = statusOf(deps.provider, inForce, { stored, shards }, nowMs);
  const observation: Observation = {
    kind: "report",
    epoch: state.epoch,
    evidence: fresh.evidence,
    inFlightCount: inFlightCountOf(deps, status.inFlightCount + returnedCount, total),
  };
  const decided = isForced(state, known.orders, nowMs)
    ? { state }
    : deps.law.decide(state, observation, lawConfigOf(deps.provider), nowMs);
  const reason = occasion ?? steeringOccasion(state, known, shards, nowMs);
  const step = reason === undefined ? decided : inNewEpoch(decided, state, reason, known, nowMs);
  if (!isWorthStoring(step, fresh, stored, nowMs)) return status;
  const circumstances = { ...status, orders: known.orders };
  const isCommitted = await commitStep(deps, stored, step, total, circumstances);
  return isCommitted ? { ...status, control: steered(step.state, known.orders, nowMs) } : "again";
}

/** Calls that are in flight, of permits that are out: those that wait for their turn in a quota use nothing of the limit. */
function inFlightCountOf({ provider }: BreakerDeps, outCount: number, seen: Evidence): number {
  const answeredCount = successCount(seen);
  const meanLatencyMs =
    answeredCount > 0
      ? seen.latencySumMs / answeredCount
      : meanLatencyMsOf(provider.latency, provider.latency.medianMs);
  return Math.min(outCount, mostInFlight(provider, meanLatencyMs));
}

/** A step that begins an epoch: the law's own, or one that leaves all but the epoch as the law wants it. */
function inNewEpoch(
  step: Step,
  present: ControlState,
  { rule, inputs, before = controlOf(present) }: Occasion,
  { orders }: KnownOrders,
  nowMs: number,
): Step {
  if (step.state.epoch > present.epoch) return step;
  const state = { ...step.state, epoch: present.epoch + 1 };
  const after = controlOf(steered(state, orders, nowMs));
  return { ...step, state, decision: { rule, inputs, before, after } };
}

function isWorthStoring(
  { decision, advice }: Step,
  { hasChanged }: FreshEvidence,
  { memory }: StoredMemory,
  nowMs: number,
): boolean {
  if (decision !== undefined || advice !== undefined) return true;
  return hasChanged && nowMs - memory.lookedAtMs >= STORE_EVERY_MS;
}

/**
 * Begins an epoch after every shard's, because shards ignore a decision in one that is not later than theirs.
 * The state was lost, for it is committed before any shard hears of it; or it was read just before another
 * process decided, and the commit is refused.
 */
async function beginAfresh(
  deps: BreakerDeps,
  { stored, known: { orders }, shards }: View,
): Promise<BreakerStatus | "again"> {
  const epoch = latestEpoch(shards) + 1;
  const before = stored.memory.law;
  const state = { ...before, epoch };
  const decision = { rule: "the state was lost: begun afresh", inputs: { epoch }, before, after: state };
  const nowMs = deps.clock.nowMs();
  const status = statusOf(deps.provider, steered(state, orders, nowMs), { stored, shards }, nowMs);
  const circumstances = { ...status, orders };
  const isCommitted = await commitStep(deps, stored, { state, decision }, NO_EVIDENCE, circumstances);
  return isCommitted ? status : "again";
}
