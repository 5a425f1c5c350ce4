import fc from "fast-check";
import { expect, test } from "vitest";
import { MESSAGE_MAX_BYTES } from "../aws-bounds.ts";
import { SluiceError } from "../errors.ts";
import { parseMessage } from "../records/message.ts";
import { PAYLOAD_MAX_BYTES } from "../records/record.ts";
import type { EnqueueOptions } from "./enqueue-options.ts";
import { createSchedulerHarness } from "./fakes/scheduler-harness.ts";

const bytesOf = (text: string) => Buffer.byteLength(text);

/** Texts that are names, and whatever a caller without types may hand in for one. */
const names = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("", "x".repeat(1_024), "x".repeat(1_025), "\ud800", "a\nb", "🦊"),
  fc.anything(),
);
const payloads = fc.oneof(
  fc.jsonValue({ stringUnit: "binary" }),
  fc.anything({ withMap: true, withSet: true, withDate: true, withBigInt: true, withSparseArray: true }),
  fc.constantFrom("x".repeat(70_000), nested(100), nested(600)),
);
const inputs = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.record({ id: names, payload: payloads }, { requiredKeys: ["id"] }),
  fc.anything(),
);

const runs = fc.oneof(
  fc.constant<{ runId?: unknown; correlationId?: unknown }>({}),
  fc.record({ runId: names, correlationId: names }, { requiredKeys: [] }),
);

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

test("whatever is accepted can be read by the ventilator, and is as it was handed in", async () => {
  let acceptedCount = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(inputs, { maxLength: 12 }), runs, async (given, options) => {
      const { scheduler, records } = createSchedulerHarness();
      const ended = await scheduler
        .enqueue(given, options as EnqueueOptions)
        .catch((thrown: unknown) => thrown);
      if (ended instanceof Error) {
        expect(ended).toBeInstanceOf(SluiceError);
        expect(records.entries).toEqual([]);
        return;
      }
      const arrived = records.entries.map(({ body }) => {
        const parsed = parseMessage(body, "demo");
        if (parsed.kind !== "message") return parsed;
        const { recordId, payload, runId, correlationId } = parsed.message;
        expect(runId).toBe(options.runId ?? "run-0");
        expect(correlationId).toBe(options.correlationId ?? runId);
        return payload === undefined ? recordId : { id: recordId, payload };
      });
      acceptedCount += arrived.length;
      for (const record of arrived) {
        expect(given.map(recordOf)).toContainEqual(record);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(acceptedCount).toBeGreaterThan(1_000);
});

/** A record as it is to arrive. JSON has one zero only. */
function recordOf(input: unknown): unknown {
  if (typeof input !== "object" || input === null) return input;
  const { id, payload } = input as { id?: unknown; payload?: unknown };
  return payload === undefined ? id : { id, payload: withOneZero(payload) };
}

function withOneZero(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(withOneZero);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withOneZero(part)]));
}

test("ten of the largest records there may be are one batch that SQS takes", async () => {
  const widest = "\uffff";
  const { scheduler, records } = createSchedulerHarness();
  const payload = "x".repeat(PAYLOAD_MAX_BYTES - 2);
  const inputsOfBatch = Array.from({ length: 10 }, (_, index) => {
    const end = String.fromCodePoint(0x10_ff00 + index);
    return { id: "🦊".repeat(1_023) + end, payload };
  });
  const run = { runId: widest.repeat(1_024), correlationId: widest.repeat(1_024) };
  expect(await scheduler.enqueue(inputsOfBatch, run)).toMatchObject({ accepted: 10 });
  expect(records.sendCount).toBe(1);
  const bytes = records.entries.reduce((sum, { body }) => sum + bytesOf(body), 0);
  expect(bytes).toBeLessThanOrEqual(MESSAGE_MAX_BYTES);
});

test("no two records share a deduplication id, whatever their runs are called", async () => {
  const { scheduler, records } = createSchedulerHarness();
  const words = ["a", "a\n", "\nb", "a\\n", "\\nb", "\n", "\\", "a\nb", "b"];
  for (const runId of words) await scheduler.enqueue(words, { runId });
  expect(records.entries).toHaveLength(words.length ** 2);
});
