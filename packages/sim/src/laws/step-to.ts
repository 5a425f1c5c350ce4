import type { ControlState, Decision, Step } from "@sluice/core/law";

/** What a state looks like before its epoch is counted. */
export type Uncounted<State extends ControlState> = Omit<State, "epoch">;

/** The step from `before` to `next`: a decision with a new epoch if phase or limit differ, else a mere note. */
export function stepTo<State extends ControlState>(
  before: State,
  next: Uncounted<State>,
  rule: string,
  inputs: Decision["inputs"],
): Step<State> {
  const isDecision = next.phase !== before.phase || next.limit !== before.limit;
  const epoch = before.epoch + (isDecision ? 1 : 0);
  const state = { ...next, epoch } as State;
  if (!isDecision) return { state };
  return { state, decision: { rule, inputs, before: governedOf(before), after: governedOf(state) } };
}

function governedOf({ phase, limit, epoch, probeAtMs }: ControlState): ControlState {
  return probeAtMs === undefined ? { phase, limit, epoch } : { phase, limit, epoch, probeAtMs };
}
