import type { ControlState, Evidence } from "@sluice/core/law";
import { expect, test } from "vitest";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter, reportOf, WAKE } from "./fakes/report-of.ts";
import { originalLaw } from "./original.ts";
import { originalShapedLaw } from "./original-shaped.ts";

const config = configOf({ slowAfterMs: 1_000, timeoutMs: 6_000 });
const single = { ...config, maxConcurrency: 1 };
const closedAt = (limit: number, epoch = 5): ControlState => ({
  phase: "closed",
  limit,
  target: limit,
  epoch,
});
const OPEN: ControlState = {
  phase: "open",
  limit: 1,
  target: 1,
  epoch: 5,
  probeAtMs: 600_000,
  isValveKept: false,
};

test("begins at ten records, or at X if that is less", () => {
  expect(originalLaw.initial(config, 0).limit).toBe(10);
  expect(originalLaw.initial({ ...config, maxConcurrency: 7 }, 0).limit).toBe(7);
});

test.each<[what: string, evidence: Partial<Evidence>, limit: number]>([
  ["half of the calls failed", { okCount: 5, faultCount: 5 }, 8],
  ["more than half failed", { okCount: 4, faultCount: 6 }, 7],
  ["more than half were slow", { okCount: 4, slowCount: 6 }, 7],
  ["slow and failed calls together are more than half", { okCount: 4, slowCount: 3, faultCount: 3 }, 7],
  ["throttled calls fail like any other", { okCount: 4, throttledCount: 3, faultCount: 3 }, 7],
  ["poison records are left out", { okCount: 4, repeatFaultCount: 6 }, 9],
  ["three of ten failed fast", { okCount: 7, faultCount: 3 }, 8],
  ["three of ten failed slowly and count twice", { okCount: 7, faultCount: 3, timeoutCount: 3 }, 7],
  ["one call was slow", { okCount: 9, slowCount: 1 }, 8],
  ["all were well", { okCount: 8 }, 9],
  ["all were rejected or unavailable", { rejectedCount: 4, unavailableCount: 4 }, 8],
])("8 records, %s", (_, evidence, limit) => {
  const { state } = originalLaw.decide(closedAt(8), reportOf(evidence), config, 0);
  expect(state).toEqual(closedAt(limit, limit === 8 ? 5 : 6));
});

test("does not grow beyond ten", () => {
  expect(originalLaw.decide(closedAt(10), okAfter(100), config, 0).state).toEqual(closedAt(10));
});

test("is disabled at 1 until the cron job's next round, which goes by the clock", () => {
  const { state, decision } = originalLaw.decide(closedAt(1), FAULT, config, 1_234_567);
  expect(state).toEqual({ ...OPEN, epoch: 6, probeAtMs: 1_800_000 });
  expect(decision).toMatchObject({ rule: "deteriorating at limit 1: disabled", inputs: { errorCount: 1 } });
  expect(originalLaw.decide(state, WAKE, config, 1_799_999).state).toBe(state);
  expect(originalLaw.decide(state, WAKE, config, 1_800_000).state).toEqual(closedAt(1, 7));
});

test("the cron job leaves alone what is enabled", () => {
  expect(originalLaw.decide(closedAt(3), WAKE, config, 1_800_000)).toEqual({ state: closedAt(3) });
});

test("a clean batch that ends late enables it again", () => {
  expect(originalLaw.decide(OPEN, okAfter(100), config, 0).state).toEqual(closedAt(2, 6));
});

test("a bad batch that ends late changes nothing", () => {
  expect(originalLaw.decide(OPEN, FAULT, config, 700_000)).toEqual({ state: OPEN });
});

test("with X = 1 only the cron job enables it again", () => {
  expect(originalLaw.decide(OPEN, okAfter(100), single, 0)).toEqual({ state: OPEN });
  expect(originalLaw.decide(OPEN, WAKE, single, 600_000).state).toMatchObject({ phase: "closed", limit: 1 });
});

test("in our shape the same law goes from X down, a step for each call", () => {
  const start = originalShapedLaw.initial(config, 0);
  expect(start.limit).toBe(20);
  const lower = originalShapedLaw.decide(start, FAULT, config, 0).state;
  expect(lower.limit).toBe(19);
  expect(originalShapedLaw.decide(lower, okAfter(100), config, 0).state.limit).toBe(20);
});
