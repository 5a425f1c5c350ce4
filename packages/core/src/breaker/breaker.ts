import { messageOf } from "../errors.ts";
import type { Observation } from "../law/law.ts";
import { lawConfigOf } from "../law/law-config.ts";
import { isForced, steered } from "../orders/steered.ts";
import type { BreakerDeps } from "./breaker-deps.ts";
import { type BreakerStatus, statusOf } from "./breaker-status.ts";
import { createCadence } from "./cadence.ts";
import { commitStep } from "./commit-step.ts";
import { decideOn, readView } from "./decide.ts";
import { copyOrderedHold } from "./heed-orders.ts";
import { healShards, type ReportedShard } from "./shards.ts";

/** Watches the reports of ventilators, lets the law decide, and makes permits and valve obey. */
export interface Breaker {
  /** Takes note of a report and looks closer if that may change something. Never throws. */
  consider(report: ReportedShard): Promise<void>;
  /**
   * Looks at all that was reported, heals all that a crash left half done, and answers with the status.
   * @throws Unreachable if table or shards can't be had now, StoredRowInvalid for a row or a shard that can't be read
   */
  look(): Promise<BreakerStatus>;
  /**
   * Hands the law an observation that brings no evidence; `lost` if the law decided nothing, or is not asked because an
   * operator forces the breaker, or another process was quicker. Shards that a crash left behind the state are told, so that whoever observes finds the
   * gate as it was decided.
   * @throws Unreachable, StoredRowInvalid as {@link Breaker.look}
   */
  observe(observation: Observation): Promise<BreakerStatus | "lost">;
}

/** Tries of one look: another process may decide between its reads, or before its commit. */
const LOOK_TRIES = 5;

/** Makes the breaker of one process; the others work on the same store. */
export function createBreaker(deps: BreakerDeps): Breaker {
  const cadence = createCadence(deps.clock, deps.provider.maxConcurrency);

  async function consider(report: ReportedShard): Promise<void> {
    try {
      if (cadence.isDue(report)) await look(report);
    } catch (thrown) {
      const cause = messageOf(thrown);
      deps.log.warn("the breaker could not look, the next report makes it try again", { cause });
    }
  }

  async function look(report?: ReportedShard): Promise<BreakerStatus> {
    cadence.begin();
    let view = await readView(deps, report);
    if (report !== undefined) cadence.see(report);
    // The reporter has just returned its permit, which was in use until then.
    const returnedCount = report === undefined ? 0 : 1;
    for (let tries = 1; tries < LOOK_TRIES; tries += 1) {
      const status = await decideOn(deps, view, returnedCount);
      if (status !== "again") return status;
      view = await readView(deps, undefined, view);
    }
    const nowMs = deps.clock.nowMs();
    const control = steered(view.stored.memory.law, view.known.orders, nowMs);
    return statusOf(deps.provider, control, view, nowMs);
  }

  return { consider, look: () => look(), observe: (observation) => observe(deps, observation) };
}

async function observe(deps: BreakerDeps, observation: Observation): Promise<BreakerStatus | "lost"> {
  const { law, provider, clock } = deps;
  const view = await readView(deps);
  const { stored, known } = view;
  const { orders } = known;
  const state = stored.memory.law;
  const shards = await copyOrderedHold(deps, known, view.shards);
  const nowMs = clock.nowMs();
  await healShards(deps, steered(state, orders, nowMs), shards);
  if (isForced(state, orders, nowMs)) return "lost";
  const step = law.decide(state, observation, lawConfigOf(provider), nowMs);
  if (step.decision === undefined) return "lost";
  const status = statusOf(provider, steered(step.state, orders, nowMs), { stored, shards }, nowMs);
  const circumstances = { ...status, orders };
  const isCommitted = await commitStep(deps, stored, step, stored.memory.counted, circumstances);
  return isCommitted ? status : "lost";
}
