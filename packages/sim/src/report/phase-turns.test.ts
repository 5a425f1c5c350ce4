import { expect, test } from "vitest";
import { fakeDecision, fakeSample } from "./fakes/fake-trace.ts";
import { phaseTurnsOf } from "./phase-turns.ts";

const control = (phase: "closed" | "half-open" | "open") => ({ phase, limit: 1, epoch: 1 });
const decided = (atMs: number, before: "open" | "half-open", after: "open" | "half-open" | "closed") =>
  fakeDecision({
    atMs,
    decision: { rule: "rule", inputs: {}, before: control(before), after: control(after) },
  });

test("a probe that fell between two samples is a phase of its own", () => {
  const samples = [
    fakeSample({ atMs: 0, phase: "open" }),
    fakeSample({ atMs: 200, phase: "open" }),
    fakeSample({ atMs: 400, phase: "closed" }),
  ];
  const events = [decided(250, "open", "half-open"), decided(350, "half-open", "closed")];
  expect(phaseTurnsOf({ samples, events })).toEqual([
    { atMs: 0, phase: "open" },
    { atMs: 250, phase: "half-open" },
    { atMs: 350, phase: "closed" },
  ]);
});

test("a decision that leaves the phase, and a valve, begin none", () => {
  const samples = [fakeSample({ atMs: 0, phase: "open" })];
  const valve = { atMs: 100, kind: "valve", summary: "valve shut" } as const;
  expect(phaseTurnsOf({ samples, events: [decided(50, "open", "open"), valve] })).toHaveLength(1);
});
