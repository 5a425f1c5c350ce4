import { demoProvider } from "@sluice/testing/demo-provider";
import { expect, test } from "vitest";
import { planOf } from "./plan.ts";
import { oversizedVariables } from "./variables-size.ts";

const DEMO = demoProvider();

const having = (length: number) =>
  planOf({ ...DEMO, worker: { ...DEMO.worker, environment: { NOTE: "x".repeat(length) } } }, "production");

test("a worker's settings come once to the worker, and to no other", () => {
  expect(oversizedVariables(having(2_000), "demo")).toEqual([]);
  const [problem = "", ...others] = oversizedVariables(having(3_500), "demo");
  expect(problem).toMatch(
    /The variables of sluice-production-demo-worker have 4\d\d\d bytes, and Lambda takes 4096: shorten worker\.environment/,
  );
  expect(others).toEqual([]);
  const { ventilator, waker, worker } = having(10);
  expect(worker.environment).toMatchObject({ NOTE: "xxxxxxxxxx" });
  expect(JSON.stringify([ventilator, waker])).not.toContain("NOTE");
});

test("bytes are counted, not characters", () => {
  const letters = (letter: string) => planOf({ ...DEMO, description: letter.repeat(1_000) }, "production");
  expect(oversizedVariables(letters("a"), "demo")).toEqual([]);
  expect(oversizedVariables(letters("🦆"), "demo")).not.toEqual([]);
});
