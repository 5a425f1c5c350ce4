import { DEFAULT_SCENARIO, type SimulatedProvider } from "@sluice/sim/provider-simulator";
import { expect, test } from "vitest";
import { stormStageAt } from "./storm-stage.ts";

const CALM: SimulatedProvider = {
  ...DEFAULT_SCENARIO.provider,
  maxConcurrency: 10,
  capacity: [[0, 10]],
  faultRatio: [[0, 0]],
  latencyFactor: [[0, 1]],
  fragile: null,
};
const STORM: SimulatedProvider = {
  ...CALM,
  capacity: [
    [0, 10],
    [1, 4],
    [2, 0],
    [3, 5],
    [4, 10],
  ],
};

test.each([
  [0, "healthy"],
  [1.5, "brownout"],
  [2, "outage"],
  [3.9, "slow recovery"],
  [4, "healthy"],
] as const)("at minute %d the storm is in the stage %s", (minute, stage) => {
  expect(stormStageAt(STORM, minute)).toBe(stage);
});

test.each([
  [{ faultRatio: [[0, 0.2]] }, "brownout"],
  [{ latencyFactor: [[0, 3]] }, "slow"],
  [{ latencyFactor: [[0, 3]], faultRatio: [[0, 0.2]] }, "brownout"],
] as const)("%j is %s", (changes, stage) => {
  expect(stormStageAt({ ...CALM, ...(changes as Partial<SimulatedProvider>) }, 5)).toBe(stage);
});

test("a fragile provider recovers as long as it has not grown to what it bears", () => {
  const fragile = { ...STORM, fragile: { downMinutes: 1, rampPerMinute: 3 } };
  expect(stormStageAt(fragile, 5.9)).toBe("slow recovery");
  expect(stormStageAt(fragile, 6)).toBe("healthy");
  expect(stormStageAt({ ...CALM, fragile: fragile.fragile }, 0)).toBe("healthy");
});
