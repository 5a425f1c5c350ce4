import { type ControlState, controlOf } from "./control.ts";
import type { Law, Step } from "./law.ts";
import type { LawConfig } from "./law-config.ts";

/**
 * A law that decides as `law` does but leaves the control alone: closed at X, always in the same epoch. The
 * decision of `law` becomes its advice; then it begins afresh, and takes fresh evidence to give the next. It
 * never probes.
 *
 * For deployments in which a standstill says nothing about the provider, such as one at a developer's
 * breakpoint.
 */
export function observeOnly<State extends ControlState>(law: Law<State>): Law<State> {
  return {
    ...law,
    name: `${law.name}, observing only`,
    decide(state, observation, config, nowMs) {
      if (!isWideOpen(state, config)) return release(law, state, config, nowMs);
      if (observation.kind !== "report") return { state };
      const { state: next, decision } = law.decide(state, observation, config, nowMs);
      if (decision === undefined) return { state: next };
      return { state: { ...law.initial(config, nowMs), epoch: state.epoch }, advice: decision };
    },
  };
}

function isWideOpen({ phase, limit }: ControlState, { maxConcurrency }: LawConfig): boolean {
  return phase === "closed" && limit === maxConcurrency;
}

/** The one decision of such a law: an earlier law may have left the breaker open, or the limit low. */
function release<State extends ControlState>(
  law: Law<State>,
  before: State,
  config: LawConfig,
  nowMs: number,
): Step<State> {
  const state = { ...law.initial(config, nowMs), epoch: before.epoch + 1 };
  const rule = "released: the law only observes from now on";
  return { state, decision: { rule, inputs: {}, before: controlOf(before), after: controlOf(state) } };
}
