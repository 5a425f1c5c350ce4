import { expect, test } from "vitest";
import { aimd429Law, aimd429QuickLaw } from "./aimd-429.ts";
import { calledAt } from "./fakes/called-at.ts";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter, reportOf, WAKE } from "./fakes/report-of.ts";

const config = configOf();
const REFUSAL = reportOf({ throttledCount: 1 });

test.each([
  ["a refusal", [REFUSAL], 18, 14],
  ["a refusal, and an answer", [REFUSAL, okAfter(100)], 19, 15],
  ["a timeout", [reportOf({ faultCount: 1, timeoutCount: 1 })], 20, 20],
  ["a fault", [FAULT], 20, 20],
])("%s takes the limit from 20 as computed by hand", (_, calls, gentle, quick) => {
  expect(calledAt(aimd429Law, config, 0, calls).limit).toBe(gentle);
  expect(calledAt(aimd429QuickLaw, config, 0, calls).limit).toBe(quick);
});

test.each([
  ["a hundred faults", aimd429Law, 100],
  ["five faults", aimd429QuickLaw, 5],
])("%s trip it for a minute; refusals never do, and the limit is kept", (_, law, count) => {
  const calls = Array.from({ length: count }, () => FAULT);
  const open = calledAt(law, config, 1_000, [REFUSAL, ...calls]);
  expect(open).toMatchObject({ phase: "open", probeAtMs: 61_000 });
  expect(law.decide(open, WAKE, config, 61_000).state).toMatchObject({
    isOnTrial: true,
    memory: open.memory,
  });
  expect(
    calledAt(
      law,
      config,
      0,
      Array.from({ length: 300 }, () => REFUSAL),
    ),
  ).toMatchObject({
    phase: "closed",
    limit: 1,
  });
});
