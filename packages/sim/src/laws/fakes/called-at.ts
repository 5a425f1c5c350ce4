import type { ControlState, Law, LawConfig, Observation } from "@sluice/core/law";

/** The state of a law that begins, and sees these observations all at one instant. */
export function calledAt<State extends ControlState>(
  law: Law<State>,
  config: LawConfig,
  nowMs: number,
  observations: readonly Observation[],
): State {
  return observations.reduce(
    (state, observation) => law.decide(state, observation, config, nowMs).state,
    law.initial(config, nowMs),
  );
}
