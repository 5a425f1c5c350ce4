import type { LawConfig } from "../law.ts";
import type { Inputs } from "./judge.ts";
import type { SluiceState } from "./state.ts";
import type { SluiceTuning } from "./tuning.ts";

/** What a part of the law says: the next state, and the rule if one fired. */
export interface Ruling {
  readonly state: SluiceState;
  readonly rule?: string;
  readonly inputs?: Inputs;
}

/** What every part of the law is told besides the state. */
export interface Setting {
  readonly config: LawConfig;
  readonly tuning: SluiceTuning;
  readonly nowMs: number;
}
