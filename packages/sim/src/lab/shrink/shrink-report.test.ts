import { expect, test } from "vitest";
import { parseScenario } from "../../provider-simulator/parse-scenario.ts";
import { drawScenario } from "../draw/draw-scenario.ts";
import type { LabResult } from "../run-case.ts";
import type { Found } from "./find-smallest.ts";
import { scenarioJson, shrinkReport } from "./shrink-report.ts";

const DRAWN = drawScenario(4);
const SMALLEST = { ...DRAWN, name: "random-4-shrunk", backlog: 100, durationMinutes: 10 };
const result = (goodput: number): LabResult => ({ law: "sluice", seed: 1, goodput, harm: 0 }) as LabResult;
const FOUND: Found = {
  kind: "found",
  drawn: { scenario: DRAWN, result: result(0.5) },
  smallest: { scenario: SMALLEST, result: result(0.4) },
  tries: 12,
  isFixedPoint: true,
};

test("the report tells what could be taken away, the figures, the scenario and how to run it", () => {
  const text = shrinkReport(FOUND);
  expect(text).toMatch(/^random-4 of sluice, still as bad: goodput 0\.500 → 0\.400 after 12 tries; nothing/);
  expect(text).toMatch(/^backlog +30000 +100$/m);
  expect(text).toMatch(/^duration +\d+ min +10 min$/m);
  expect(text).not.toMatch(/^capacity /m);
  expect(text).toContain("\nrandom-4\nlaw ");
  expect(text).toContain("\nrandom-4-shrunk\nlaw ");
  expect(text).toContain(scenarioJson(SMALLEST));
  expect(text).toContain("npm run lab -- --scenario random-4-shrunk.json --law sluice --seeds 1");
});

test("a search that was cut short says so", () => {
  expect(shrinkReport({ ...FOUND, isFixedPoint: false })).toContain("cut short, more may be taken away");
});

test("the text of a scenario's file is read as the same scenario, a step of a time line on one line", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const scenario = drawScenario(seed);
    expect(parseScenario(JSON.parse(scenarioJson(scenario)), "a file")).toEqual(scenario);
  }
  expect(scenarioJson(DRAWN)).toContain(`[0, ${DRAWN.provider.capacity[0][1]}],\n`);
});
