import { compact, type Evidence, NO_EVIDENCE, plus } from "../law/evidence.ts";
import type { Step } from "../law/law.ts";
import type { BreakerDeps } from "./breaker-deps.ts";
import { type Circumstances, carryOut, recordAdvice } from "./carry-out.ts";
import type { StoredMemory } from "./memory.ts";

/**
 * Stores a step, and carries out its decision.
 * @param before the memory that the step follows from
 * @param counted the epoch's evidence that the law has seen with this step; a new epoch begins with none
 * @returns true if this process was the one to do it
 * @throws Unreachable
 */
export async function commitStep(
  deps: BreakerDeps,
  before: StoredMemory,
  step: Step,
  counted: Evidence,
  circumstances: Circumstances,
): Promise<boolean> {
  const isNewEpoch = step.state.epoch !== before.memory.law.epoch;
  const { earlier } = before.memory;
  const memory = {
    law: deps.law.toStored(step.state),
    counted: compact(isNewEpoch ? NO_EVIDENCE : counted),
    earlier: compact(isNewEpoch ? plus(earlier, counted) : earlier),
    lookedAtMs: deps.clock.nowMs(),
  };
  if ((await deps.store.commit(memory, before.version)) === "conflict") return false;
  if (step.decision !== undefined) await carryOut(deps, step.decision, step.state, circumstances);
  if (step.advice !== undefined) await recordAdvice(deps, step.advice);
  return true;
}
