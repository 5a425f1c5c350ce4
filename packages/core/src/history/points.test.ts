import fc from "fast-check";
import { expect, test } from "vitest";
import { evidenceOf, NO_EVIDENCE, plus } from "../law/evidence.ts";
import type { Snapshot } from "../ports/history-store.ts";
import { outcomeTotalsOf } from "./outcome-totals.ts";
import { pointsOf } from "./points.ts";

const NONE = { visibleCount: 0, inFlightCount: 0 };
const snapshot = (minute: number, changes: Partial<Snapshot> = {}): Snapshot => ({
  atMs: minute * 60_000,
  phase: "closed",
  limit: 5,
  maxConcurrency: 5,
  inFlightCount: 2,
  queued: { records: { visibleCount: 3, inFlightCount: 4 }, express: { visibleCount: 1, inFlightCount: 0 } },
  deadLetterCount: 0,
  outcomes: outcomeTotalsOf(NO_EVIDENCE),
  ...changes,
});
const totals = (...latenciesMs: readonly number[]) =>
  outcomeTotalsOf(
    latenciesMs.reduce(
      (sum, latencyMs) => plus(sum, evidenceOf({ kind: "ok", latencyMs }, "provider", 1_000)),
      NO_EVIDENCE,
    ),
  );

test("one snapshot makes no point", () => {
  expect(pointsOf([])).toEqual([]);
  expect(pointsOf([snapshot(0)])).toEqual([]);
});

test("two make the outcomes a minute between them, and the latency of those alone", () => {
  const faults = { ...totals(10, 10, 10, 10), faultCount: 6 };
  const [point] = pointsOf([snapshot(0, { outcomes: totals(10, 10) }), snapshot(2, { outcomes: faults })]);
  expect(point).toMatchObject({
    atMs: 120_000,
    limit: 5,
    inFlightCount: 2,
    queuedCount: 8,
    perMinute: { ok: 1, slow: 0, fault: 3, throttled: 0, rejected: 0, unavailable: 0 },
  });
  expect(point?.latencyMs?.p50).toBeCloseTo(10, 1);
  expect(point?.latencyMs?.p95).toBeCloseTo(10, 1);
});

test("a count that began anew is taken from its beginning, and a minute without a success has no latency", () => {
  const [point] = pointsOf([
    snapshot(0, { outcomes: totals(1, 1, 1) }),
    snapshot(1, { outcomes: totals(5) }),
  ]);
  expect(point?.perMinute.ok).toBe(1);
  const [idle] = pointsOf([snapshot(0), snapshot(1)]);
  expect(idle).not.toHaveProperty("latencyMs");
});

test("the limit is never above X, also while the breaker has decided nothing", () => {
  const [point] = pointsOf([snapshot(0), snapshot(1, { limit: Number.POSITIVE_INFINITY })]);
  expect(point?.limit).toBe(5);
});

test("the 95th percentile is never below the median", () => {
  const latencies = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(latencies, (given) => {
      const [point] = pointsOf([snapshot(0), snapshot(1, { outcomes: totals(...given) })]);
      const { p50 = 1, p95 = 0 } = point?.latencyMs ?? {};
      expect(p95).toBeGreaterThanOrEqual(p50 * (1 - 1e-9));
      expect(p50).toBeLessThanOrEqual(Math.max(...given) * 1.01);
    }),
  );
});

test("a queue without messages counts none", () => {
  const [point] = pointsOf([snapshot(0), snapshot(1, { queued: { records: NONE, express: NONE } })]);
  expect(point?.queuedCount).toBe(0);
});
