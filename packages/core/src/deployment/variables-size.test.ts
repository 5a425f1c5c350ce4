import { demoProvider } from "@sluice/testing/demo-provider";
import { expect, test } from "vitest";
import { planOf } from "./plan.ts";
import { oversizedVariables } from "./variables-size.ts";

const DEMO = demoProvider();

const having = (length: number) =>
  planOf({ ...DEMO, worker: { ...DEMO.worker, environment: { NOTE: "x".repeat(length) } } }, "production");

test("a worker's settings come twice to the worker, and once to each of the others", () => {
  expect(oversizedVariables(having(100), "demo")).toEqual([]);
  const [problem = "", ...others] = oversizedVariables(having(1_900), "demo");
  expect(problem).toMatch(
    /The variables of sluice-production-demo-worker have 4\d\d\d bytes, and Lambda takes 4096: shorten worker\.environment/,
  );
  expect(others).toEqual([]);
  expect(oversizedVariables(having(3_000), "demo")).toHaveLength(3);
});

test("bytes are counted, not characters", () => {
  const letters = (letter: string) => planOf({ ...DEMO, description: letter.repeat(1_000) }, "production");
  expect(oversizedVariables(letters("a"), "demo")).toEqual([]);
  expect(oversizedVariables(letters("🦆"), "demo")).not.toEqual([]);
});
