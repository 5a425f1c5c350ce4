import type { RecordedInvocation } from "../../ports/journal.ts";
import type { LeftBehind } from "./left-behind.ts";
import type { ObservedUpdate } from "./observe-update.ts";
import type { Step } from "./steps.ts";

/** An update of a step, and what was seen of it. */
export interface StepRun {
  readonly step: Step;
  readonly observed: ObservedUpdate;
}

/** All that some rounds of updates have shown. */
export interface UpdateRounds {
  readonly runs: readonly StepRun[];
  /** One for each round. */
  readonly leftBehind: readonly LeftBehind[];
  readonly invocations: readonly RecordedInvocation[];
}
