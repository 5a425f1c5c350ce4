import type { DecisionInputs } from "../law.ts";
import type { LawConfig } from "../law-config.ts";
import type { SluiceState } from "./state.ts";
import type { SluiceTuning } from "./tuning.ts";

/** What a part of the law says: the next state, and the rule if one fired. */
export interface RuleResult {
  readonly state: SluiceState;
  readonly rule?: string;
  readonly inputs?: DecisionInputs;
}

/** What every part of the law is told besides the state. */
export interface RuleContext {
  readonly config: LawConfig;
  readonly tuning: SluiceTuning;
  readonly nowMs: number;
}
