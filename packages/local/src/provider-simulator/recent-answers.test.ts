import { expect, test } from "vitest";
import { createRecentAnswers } from "./recent-answers.ts";

const ok = (atMs: number, latencyMs: number) => ({ atMs, latencyMs, isFault: false });
const fault = (atMs: number) => ({ atMs, latencyMs: 50, isFault: true });

test("nothing answered: no latency, no faults", () => {
  expect(createRecentAnswers().summary(0)).toEqual({ faultsPerSecond: 0 });
});

test("the median leaves out the faults, which are counted by the second", () => {
  const recent = createRecentAnswers();
  for (const answer of [ok(0, 900), ok(1, 100), ok(2, 200), fault(3), fault(4), fault(5)])
    recent.note(answer);
  expect(recent.summary(1_000)).toEqual({ latencyMs: 200, faultsPerSecond: 1 });
});

test("what is older than three seconds is forgotten", () => {
  const recent = createRecentAnswers();
  for (const answer of [fault(0), ok(0, 900), ok(1, 100)]) recent.note(answer);
  expect(recent.summary(3_000)).toEqual({ latencyMs: 100, faultsPerSecond: 0 });
  expect(recent.summary(3_001)).toEqual({ faultsPerSecond: 0 });
});
