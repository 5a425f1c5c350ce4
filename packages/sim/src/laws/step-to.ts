import { type ControlState, controlOf, type Decision, type Step } from "@sluice/core/law";

/**
 * The step from `before` to `next`: a decision with a new epoch if phase or limit differ, else a mere note.
 * @param next state in force afterwards; its own epoch is ignored, and counted here
 */
export function stepTo<State extends ControlState>(
  before: State,
  next: NoInfer<State>,
  rule: string,
  inputs: Decision["inputs"],
): Step<State> {
  const isDecision = next.phase !== before.phase || next.limit !== before.limit;
  const state: State = { ...next, epoch: before.epoch + (isDecision ? 1 : 0) };
  if (!isDecision) return { state };
  return { state, decision: { rule, inputs, before: controlOf(before), after: controlOf(state) } };
}
