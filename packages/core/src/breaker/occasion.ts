import type { Control } from "../law/control.ts";
import type { Decision } from "../law/law.ts";

/** A reason to begin an epoch that is not the law's. */
export interface Occasion extends Pick<Decision, "rule" | "inputs"> {
  /** The control that was in force; by default the law's. */
  readonly before?: Control;
}
