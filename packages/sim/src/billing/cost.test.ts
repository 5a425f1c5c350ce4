import { describe, expect, it } from "vitest";
import { type Billable, billableOf } from "./billable.ts";
import { kinesisUsdOf, usdOf, usdPerMillionRecords } from "./cost.ts";
import { countSqsRequests, createMeter, createSqsMeter } from "./meter.ts";

const NOTHING: Billable = {
  lambdaRequests: 0,
  lambdaGbSeconds: 0,
  sqsRequests: 0,
  dynamodbWriteUnits: 0,
  dynamodbReadUnits: 0,
  schedulerInvocations: 0,
};

describe("what a run costs", () => {
  it.each([
    ["lambdaRequests", 1e6, 0.2],
    ["lambdaGbSeconds", 1e6, 13.3334],
    ["sqsRequests", 1e6, 0.5],
    ["dynamodbWriteUnits", 1e6, 0.625],
    ["dynamodbReadUnits", 1e6, 0.125],
    ["schedulerInvocations", 1e6, 1],
  ] as const)("prices a million of %s", (name, count, usd) => {
    expect(usdOf({ ...NOTHING, [name]: count })).toBeCloseTo(usd, 6);
  });

  it("adds everything up, and is given for a million records", () => {
    const usd = usdOf({ ...NOTHING, lambdaRequests: 2_000, sqsRequests: 3_000, dynamodbWriteUnits: 4_000 });
    expect(usd).toBeCloseTo(0.0004 + 0.0015 + 0.0025, 9);
    expect(usdPerMillionRecords(usd, 1_000)).toBeCloseTo(4.4, 6);
    expect(usdPerMillionRecords(usd, 0)).toBeNull();
  });

  it("turns a meter into what is billed, each function with its own memory", () => {
    const meter = createMeter();
    Object.assign(meter.lambda.ventilator, { requests: 10, durationMs: 8_000 });
    Object.assign(meter.lambda.worker, { requests: 20, durationMs: 4_000 });
    Object.assign(meter.lambda.waker, { requests: 1, durationMs: 2_000 });
    Object.assign(meter.sqs, { sends: 1, receives: 2, deletes: 3, visibilityChanges: 4, attributeReads: 5 });
    Object.assign(meter.table, { writeUnits: 6, readUnits: 7, hotRefusals: 8 });
    meter.scheduledInvocations = 9;
    const ventilator = { timeoutMs: 30_000, memoryMb: 256, maxConcurrency: 100, marginMs: 3_000 };
    const worker = {
      name: "demo",
      timeoutMs: 10_000,
      memoryMb: 512,
      environment: {},
      secrets: [],
      answer: { maxMb: 5, mayBeEmpty: false },
    };
    expect(billableOf(meter, { ventilator, worker })).toEqual({
      lambdaRequests: 31,
      lambdaGbSeconds: 10 * 0.25 + 4 * 0.5,
      sqsRequests: 15,
      dynamodbWriteUnits: 6,
      dynamodbReadUnits: 7,
      schedulerInvocations: 9,
    });
  });

  it("counts a request to SQS for every started 64 KB, and an empty receive as one", () => {
    const meter = createSqsMeter();
    countSqsRequests(meter, "receives", []);
    countSqsRequests(meter, "receives", [{ body: "x".repeat(65_536) }]);
    countSqsRequests(meter, "receives", [{ body: "x".repeat(65_536) }, { body: "x" }]);
    expect(meter.receives).toBe(4);
  });

  it("prices the original's stream: its shard by the hour, a payload unit for every started 25 KB", () => {
    const billable = { lambdaRequests: 0, lambdaGbSeconds: 0, schedulerInvocations: 0 };
    const stream = { recordCount: 1_000_000, recordBytes: 120, hours: 24, billable };
    expect(kinesisUsdOf(stream)).toBeCloseTo(0.36 + 0.014, 9);
    expect(kinesisUsdOf({ ...stream, recordBytes: 25_601 })).toBeCloseTo(0.36 + 0.028, 9);
    const busy = { ...billable, lambdaRequests: 1e6, lambdaGbSeconds: 1_000, schedulerInvocations: 144 };
    expect(kinesisUsdOf({ ...stream, billable: busy })).toBeCloseTo(0.374 + 0.2 + 0.0133334 + 0.000144, 9);
  });
});
