import {
  type Breaker,
  type BreakerDeps,
  commitStep,
  createBreaker,
  inFlightCountOf,
  readMemory,
  readShards,
  type ShardReport,
} from "@sluice/core/breaker";
import { messageOf } from "@sluice/core/errors";
import { lawConfigOf, NO_EVIDENCE, type Observation, plus } from "@sluice/core/law";

/** Tries of a commit: a law that sees each report must not miss one because another process was faster. */
const COMMIT_TRIES = 5;

/**
 * A breaker that shows its law each report by itself, of any epoch, rather than the sum of many; that costs a
 * commit per batch. The laws of other projects were made for it.
 */
export function createPerReportBreaker(deps: BreakerDeps): Breaker {
  async function consider(report: ShardReport): Promise<void> {
    try {
      await weigh(deps, report);
    } catch (thrown) {
      const cause = messageOf(thrown);
      deps.log.warn("the breaker could not look, the next report makes it try again", { cause });
    }
  }

  return { ...createBreaker(deps), consider };
}

async function weigh(deps: BreakerDeps, brought: ShardReport): Promise<void> {
  const { law, provider, clock } = deps;
  const { report, shard } = brought;
  for (let tries = 0; tries < COMMIT_TRIES; tries += 1) {
    const stored = await readMemory(deps);
    const evidence = plus(NO_EVIDENCE, report.evidence);
    const inFlightCount = inFlightCountOf(await readShards(deps, brought), clock.nowMs()) + 1;
    const observation: Observation = { kind: "report", epoch: report.epoch, evidence, inFlightCount };
    const step = law.decide(stored.memory.law, observation, lawConfigOf(provider), clock.nowMs());
    const circumstances = { heldUntilMs: shard.heldUntilMs, plannedUntilMs: 0, orders: {} };
    if (await commitStep(deps, stored, step, NO_EVIDENCE, circumstances)) return;
  }
}
