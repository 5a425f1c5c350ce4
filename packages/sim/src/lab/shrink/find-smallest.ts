import type { Scenario } from "../../provider-simulator/scenario.ts";
import type { LabResult } from "../run-case.ts";
import { badnessOf, smallerJudge } from "./badness.ts";
import { shrinkScenario } from "./shrink-scenario.ts";

/** A drawn scenario, and how to look for a smaller one that is as bad. */
export interface SmallestSearch {
  readonly scenario: Scenario;
  /** A goodput below this is bad. */
  readonly belowGoodput: number;
  /** Most smaller scenarios that are run. */
  readonly triesMax: number;
  readonly signal: AbortSignal;
  /** Runs the law in question. Undefined if the signal has aborted. */
  run(scenario: Scenario): Promise<LabResult | undefined>;
}

/** The end of a search: the law does well in the drawn scenario, or the smallest one in which it does not. */
export type Finding =
  | { readonly kind: "harmless"; readonly drawn: LabResult }
  | { readonly kind: "interrupted" }
  | Found;

/** A scenario as it was drawn, and the smallest that is as bad. */
export interface Found {
  readonly kind: "found";
  readonly drawn: RunScenario;
  readonly smallest: RunScenario;
  readonly tries: number;
  /** False if the search was cut short. */
  readonly isFixedPoint: boolean;
}

/** A scenario and its result. */
export interface RunScenario {
  readonly scenario: Scenario;
  readonly result: LabResult;
}

/** Looks for the smallest scenario in which the law is still stuck, or its goodput still low. It has a name of its own. */
export async function findSmallest({
  scenario,
  belowGoodput,
  run,
  ...limits
}: SmallestSearch): Promise<Finding> {
  const drawn = await run(scenario);
  if (drawn === undefined) return { kind: "interrupted" };
  if (badnessOf(drawn, belowGoodput) === undefined) return { kind: "harmless", drawn };
  const isStillBad = smallerJudge(drawn, belowGoodput);
  let smallestResult = drawn;
  const { smallest, tries, isFixedPoint } = await shrinkScenario(
    { ...scenario, name: `${scenario.name}-shrunk` },
    {
      ...limits,
      async isStillBad(candidate) {
        const result = await run(candidate);
        if (result === undefined || !isStillBad(result)) return false;
        smallestResult = result;
        return true;
      },
    },
  );
  return {
    kind: "found",
    drawn: { scenario, result: drawn },
    smallest: { scenario: smallest, result: smallestResult },
    tries,
    isFixedPoint,
  };
}
