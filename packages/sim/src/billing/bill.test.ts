import { createPowertoolsMetrics } from "@sluice/aws/powertools-metrics";
import { NO_EVIDENCE } from "@sluice/core/law";
import type { Metrics } from "@sluice/core/ports";
import { afterEach, expect, test, vi } from "vitest";
import { billOf, times, totalOf } from "./bill.ts";
import { billOfIdleMonth, billOfMillion } from "./bill-runs.ts";
import { createMeter } from "./meter.ts";
import { meterMetrics } from "./metered-metrics.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const FUNCTIONS = { ventilator: { memoryMb: 192 }, worker: { memoryMb: 128 } };
const providerOf = ({ ventilator, worker }: typeof FUNCTIONS) =>
  ({ ventilator, worker }) as Parameters<typeof billOf>[0]["provider"];

test.each([
  ["of 300 ms", 300, 3_000, 4.6],
  ["of 5 s", 5_000, 800, 29],
])("a million records with calls %s cost what they should at most", async (_, medianMs, backlog, usd) => {
  const bill = await billOfMillion({ maxConcurrency: 20, medianMs, backlog });
  expect(totalOf(bill)).toBeLessThanOrEqual(usd);
  expect(bill).toMatchObject({ traces: 0, metrics: 0, alarms: 0, dashboards: 0 });
  for (const line of ["worker", "ventilator", "table", "queues", "logs", "storage"] as const) {
    expect(bill[line], line).toBeGreaterThan(0);
  }
});

test("a month without records costs three dollars at most, and less than one besides CloudWatch", async () => {
  const bill = await billOfIdleMonth();
  expect(totalOf(bill)).toBeLessThanOrEqual(3);
  const { metrics, alarms, dashboards, ...others } = bill;
  expect(Object.values(others).reduce((sum, usd) => sum + usd, 0)).toBeLessThan(1);
  expect(others).toMatchObject({ worker: 0, ventilator: 0, storage: 0 });
  expect(Math.min(metrics, alarms)).toBeGreaterThan(0);
  expect(dashboards).toBe(0);
});

test("each line has its price, each function its own memory", () => {
  const meter = createMeter();
  Object.assign(meter.lambda.worker, { requests: 1e6, durationMs: 8e9 });
  Object.assign(meter.lambda.ventilator, { requests: 0, durationMs: 1e9 * (1_024 / 192) });
  Object.assign(meter.lambda.waker, { requests: 1e6, durationMs: 0 });
  meter.scheduledInvocations = 1e6;
  Object.assign(meter.table, { writeUnits: 1e6, readUnits: 1e6 });
  Object.assign(meter.sqs, { sends: 5e5, receives: 5e5 });
  meter.logs.bytes = 2 ** 30;
  for (const name of ["Limit", "Phase"]) meter.logs.metricNames.add(name);
  const rowCount = 2 ** 30 / 800;
  const bill = billOf({ meter, provider: providerOf(FUNCTIONS), rowCount, months: 1 });
  expect(bill.worker).toBeCloseTo(0.2 + 13.3334, 4);
  expect(bill.ventilator).toBeCloseTo(13.3334, 4);
  expect(bill.waker).toBeCloseTo(0.2 + 1 + 1e6 * 0.3 * (192 / 1_024) * 0.0000133334, 4);
  expect(bill.table).toBeCloseTo(0.75, 4);
  expect(bill.queues).toBeCloseTo(0.5 + (rowCount / 10) * 0.5e-6, 4);
  expect(bill.logs).toBeCloseTo(0.53, 4);
  expect(bill.storage).toBeCloseTo(0.45, 4);
  expect(bill.metrics).toBeCloseTo(0.6, 4);
  expect(bill.alarms).toBeGreaterThan(0.1);
  expect(bill.dashboards % 3).toBe(0);
  expect(totalOf(times(bill, 2))).toBeCloseTo(2 * totalOf(bill), 6);
});

test("lines of metrics are counted as they are printed", () => {
  let printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const sample: Parameters<Metrics["batch"]>[0] = {
    evidence: { ...NO_EVIDENCE, okCount: 3, faultCount: 1 },
    latenciesMs: [301.25, 280.5, 315.75],
    unstartedCount: 0,
    oldestMessageAgeMs: 61_000,
  };
  createPowertoolsMetrics("acme", "production").batch(sample);
  const { logs } = createMeter();
  meterMetrics(logs, "acme").batch(sample);
  const lines = printed.split("\n").filter((line) => line !== "");
  expect(lines).toHaveLength(1);
  expect(logs.bytes).toBe(26 + (lines[0]?.length ?? 0));
  expect(logs.metricNames).toEqual(new Set(["OldestMessageAge"]));
});
