import { expect, test } from "vitest";
import type { Scenario } from "../../provider-simulator/scenario.ts";
import { drawScenario } from "../draw/draw-scenario.ts";
import type { LabResult } from "../run-case.ts";
import { findSmallest } from "./find-smallest.ts";

const SCENARIO = drawScenario(4);
const NEVER = new AbortController().signal;

const resultOf = (scenario: Scenario, goodput: number): LabResult =>
  ({
    scenario: scenario.name,
    goodput,
    stuck: false,
    idealBusyMinutes: 60,
    idealCount: scenario.backlog,
  }) as LabResult;

/** A law that does badly with more than fifty records and two requests at once. */
const run = async (scenario: Scenario) =>
  resultOf(scenario, scenario.backlog > 50 && scenario.provider.maxConcurrency > 1 ? 0.4 : 0.9);

const search = { scenario: SCENARIO, belowGoodput: 0.75, triesMax: 1_000, signal: NEVER, run };

test("finds the smallest scenario in which a law is as bad, and its result", async () => {
  const found = await findSmallest(search);
  if (found.kind !== "found") throw new TypeError(found.kind);
  const { drawn, smallest, isFixedPoint } = found;
  expect(drawn).toEqual({ scenario: SCENARIO, result: resultOf(SCENARIO, 0.4) });
  expect(smallest.scenario.backlog).toBeGreaterThan(50);
  expect(smallest.scenario.backlog).toBeLessThanOrEqual(67);
  expect(smallest.scenario.provider).toMatchObject({ maxConcurrency: 2, capacity: [[0, 2]] });
  expect(smallest.scenario.name).toBe("random-4-shrunk");
  expect(smallest.result).toEqual(resultOf(smallest.scenario, 0.4));
  expect(isFixedPoint).toBe(true);
});

test("has nothing to look for where the law does well", async () => {
  expect(await findSmallest({ ...search, belowGoodput: 0.4 })).toEqual({
    kind: "harmless",
    drawn: resultOf(SCENARIO, 0.4),
  });
});

test("keeps the smallest so far when it is interrupted, if there is one", async () => {
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const interruptedRun = async (scenario: Scenario) => {
    if (scenario.backlog < 10_000) interrupt.abort();
    return signal.aborted ? undefined : run(scenario);
  };
  const found = await findSmallest({ ...search, signal, run: interruptedRun });
  expect(found).toMatchObject({
    kind: "found",
    isFixedPoint: false,
    smallest: { scenario: { backlog: 15_000 } },
  });
  expect(await findSmallest({ ...search, signal, run: interruptedRun })).toEqual({ kind: "interrupted" });
});
