import { expect, test } from "vitest";
import type { Outcome } from "../worker/outcome.ts";
import { createUnstartedCounter } from "./unstarted.ts";

const unstarted = (cause: string): Outcome => ({ kind: "unavailable", fate: "unstarted", cause });

test("what began is not counted", () => {
  const counter = createUnstartedCounter();
  counter.add({ kind: "ok", latencyMs: 1 });
  counter.add({ kind: "fault", latencyMs: 1, cause: "HTTP 500" });
  counter.add({ kind: "unavailable", fate: "crashed", cause: "worker crashed" });
  counter.add({ kind: "unavailable", fate: "lost", cause: "reset" });
  expect(counter.total()).toEqual({ count: 0 });
});

test("the most frequent cause is told, and of causes as frequent the first", () => {
  const counter = createUnstartedCounter();
  for (const cause of ["b", "a", "a", "b", "c"]) counter.add(unstarted(cause));
  expect(counter.total()).toEqual({ count: 5, cause: "b" });
  counter.add(unstarted("a"));
  expect(counter.total()).toEqual({ count: 6, cause: "a" });
});

test("a long cause is cut", () => {
  const counter = createUnstartedCounter();
  counter.add(unstarted("x".repeat(10_000)));
  expect(counter.total().cause).toHaveLength(300);
});
