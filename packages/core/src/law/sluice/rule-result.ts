import type { DecisionInputs } from "../law.ts";
import type { LawConfig } from "../law-config.ts";
import type { SluiceState } from "./state.ts";
import type { SluiceTuning } from "./tuning.ts";

/** The answer of a part of the law: the next state, and the rule if one fired. */
export interface RuleResult {
  readonly state: SluiceState;
  readonly rule?: string;
  readonly inputs?: DecisionInputs;
}

/** The input of each part of the law besides the state. */
export interface RuleContext {
  readonly config: LawConfig;
  readonly tuning: SluiceTuning;
  readonly nowMs: number;
}
