import type { Scenario } from "../provider-simulator/scenario.ts";
import type { CaseRun } from "./run-case.ts";

/** What the main thread asks of another: a law by its name, because functions can't travel. */
export interface CaseRequest {
  readonly scenario: Scenario;
  readonly law: string;
  readonly seed: number;
  readonly hasTrace: boolean;
}

/** The answer to a {@link CaseRequest}. */
export type CaseAnswer = CaseRun;
