import { parseScenario } from "../../provider-simulator/parse-scenario.ts";
import type { Scenario } from "../../provider-simulator/scenario.ts";
import { type Change, type ShrinkOptions, type Shrunk, shrink } from "../../shrinking/shrink.ts";
import { betterAws } from "./better-aws.ts";
import {
  calmerCalls,
  fewerLevels,
  narrowerLatency,
  simplerOverload,
  soundRecords,
} from "./calmer-provider.ts";
import { rounderMinutes, shorterTime, smallerScale } from "./shorter-time.ts";
import { fewerArrivals, smallerBacklog, smallerX } from "./smaller-load.ts";

/** Ways to make a scenario smaller. First those that make its runs shorter, because many are to come. */
export const SCENARIO_CHANGES: readonly Change<Scenario>[] = [
  smallerScale,
  shorterTime,
  smallerBacklog,
  fewerArrivals,
  smallerX,
  fewerLevels,
  calmerCalls,
  soundRecords,
  simplerOverload,
  betterAws,
  narrowerLatency,
  rounderMinutes,
];

/**
 * Looks for the smallest scenario that is still bad, of the same name. What is tried can be written to a file and read
 * again.
 * @param scenario known to be bad
 */
export function shrinkScenario(
  scenario: Scenario,
  { isStillBad, ...limits }: Omit<ShrinkOptions<Scenario>, "changes">,
): Promise<Shrunk<Scenario>> {
  return shrink(scenario, {
    ...limits,
    changes: SCENARIO_CHANGES,
    isStillBad: (candidate) => isStillBad(parseScenario(candidate, candidate.name)),
  });
}
