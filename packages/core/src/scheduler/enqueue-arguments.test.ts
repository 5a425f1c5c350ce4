import { expect, test } from "vitest";
import { SluiceError } from "../errors.ts";
import type { EnqueueOptions } from "./enqueue-options.ts";
import { createSchedulerHarness } from "./fakes/scheduler-harness.ts";

/** The message of the error that a call ends with. */
function messageOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => "no error",
    (thrown: Error) => thrown.message,
  );
}

const untouched = {
  [Symbol.iterator](): never {
    throw new Error("the input is touched");
  },
};

test.each<[option: string, value: unknown, problem: string]>([
  ["runId", "", 'options.runId must be a text of 1 to 1024 characters, received ""'],
  ["runId", 20_261_121, "options.runId must be a text of 1 to 1024 characters, received 20261121"],
  ["runId", null, "options.runId must be a text"],
  ["runId", "x".repeat(1_025), "options.runId must be a text of 1 to 1024 characters, received"],
  ["runId", "\ud800", "options.runId must be well-formed Unicode"],
  ["correlationId", "", "options.correlationId must be a text of 1 to 1024 characters"],
  [
    "correlationId",
    "x".repeat(40_000),
    "options.correlationId must be a text of 1 to 1024 characters, received",
  ],
  ["correlationId", {}, "options.correlationId must be a text of 1 to 1024 characters"],
  ["correlationId", "a\udc00", "options.correlationId must be well-formed Unicode"],
  ["lane", "fast", 'options.lane must be records or express, received "fast"'],
  ["lane", "toString", "options.lane must be records or express"],
  ["concurrency", 0, "options.concurrency must be a whole number from 1 to 1000, received 0"],
  ["concurrency", -1, "options.concurrency must be a whole number from 1 to 1000, received -1"],
  ["concurrency", Number.NaN, "options.concurrency must be a whole number from 1 to 1000, received NaN"],
  ["concurrency", 1.5, "options.concurrency must be a whole number from 1 to 1000, received 1.5"],
  ["concurrency", 1_001, "options.concurrency must be a whole number from 1 to 1000, received 1001"],
  ["concurrency", "16", 'options.concurrency must be a whole number from 1 to 1000, received "16"'],
  ["giveUpAfterMs", -1, "options.giveUpAfterMs must be a number from 0 to 86400000, received -1"],
  ["giveUpAfterMs", Number.NaN, "options.giveUpAfterMs must be a number from 0 to 86400000, received NaN"],
  ["giveUpAfterMs", Number.POSITIVE_INFINITY, "options.giveUpAfterMs must be a number from 0 to 86400000"],
  ["signal", {}, "options.signal must be an AbortSignal"],
  ["signal", new AbortController(), "options.signal must be an AbortSignal"],
  ["onProgress", "log", 'options.onProgress must be a function, received "log"'],
  ["runID", "tonight", "options.runID is not an option"],
  ["x".repeat(100_000), 1, "options.xxx"],
])(
  "an option that can't be is refused by its name before anything is read: %#",
  async (option, value, problem) => {
    const { scheduler, records } = createSchedulerHarness();
    const run = scheduler.enqueue(untouched, { [option]: value } as EnqueueOptions);
    await expect(run).rejects.toBeInstanceOf(SluiceError);
    await expect(run).rejects.toMatchObject({ code: "input-invalid" });
    const message = await messageOf(run);
    expect(message).toContain(problem);
    expect(message.length).toBeLessThan(500);
    expect(records.sendCount).toBe(0);
  },
);

test("all options that are wrong are named at once", async () => {
  const { scheduler } = createSchedulerHarness();
  const run = scheduler.enqueue(untouched, { concurrency: 0, runId: "", giveUpAfterMs: -1 });
  await expect(run).rejects.toThrow(/runId.*concurrency.*giveUpAfterMs/s);
});

test.each([null, "express", 7])("options can't be %j", async (options) => {
  const { scheduler } = createSchedulerHarness();
  const run = scheduler.enqueue(untouched, options as unknown as EnqueueOptions);
  await expect(run).rejects.toMatchObject({
    code: "input-invalid",
    message: expect.stringContaining("options must be an object"),
  });
});

test("options at the ends of their ranges are taken, and undefined is the default", async () => {
  const { scheduler } = createSchedulerHarness();
  for (const options of [
    { runId: "x".repeat(1_024), correlationId: "🦊".repeat(512), concurrency: 1, giveUpAfterMs: 0 },
    { runId: "\u0000", correlationId: " ", concurrency: 1_000, giveUpAfterMs: 86_400_000 },
    {
      runId: undefined,
      lane: undefined,
      concurrency: undefined,
      giveUpAfterMs: undefined,
      signal: undefined,
    },
  ] as EnqueueOptions[]) {
    expect(await scheduler.enqueue(["a"], options)).toMatchObject({ accepted: 1 });
  }
});

test("a signal need not be Node's own", async () => {
  const { scheduler } = createSchedulerHarness();
  const { signal } = new AbortController();
  const foreign = {
    aborted: false,
    reason: undefined,
    addEventListener: signal.addEventListener.bind(signal),
    removeEventListener: signal.removeEventListener.bind(signal),
  };
  const options = { signal: foreign as unknown as AbortSignal };
  expect(await scheduler.enqueue(["a"], options)).toMatchObject({ accepted: 1 });
});

test.each<[what: string, records: unknown, received: string]>([
  ["a text", "acme-1", 'received a string; one record is written ["acme-1"]'],
  ["an empty text", "", "received a string"],
  ["a text as an object", new String("acme-1"), "received a string"],
  ["a text of a page", "x".repeat(100_000), "received a string"],
  ["a record", { id: "acme-1" }, "received an object"],
  ["a promise of records", Promise.resolve(["acme-1"]), "received a promise; await it first"],
  ["nothing", undefined, "received nothing"],
  ["null", null, "received null"],
  ["a number", 7, "received a number"],
  ["a function", function* () {}, "received a function"],
])("records can't be %s", async (_, given, received) => {
  const { scheduler, records } = createSchedulerHarness();
  const run = scheduler.enqueue(given as string[]);
  await expect(run).rejects.toMatchObject({ code: "input-invalid" });
  const message = await messageOf(run);
  expect(message).toContain("records must be an iterable of ids or of { id, payload }");
  expect(message).toContain(received);
  expect(message.length).toBeLessThan(500);
  expect(records.entries).toEqual([]);
});

test("a text is no list of records to the compiler either", async () => {
  const { scheduler } = createSchedulerHarness();
  // @ts-expect-error a string is one id, not an iterable of ids
  await expect(scheduler.enqueue("acme-1")).rejects.toBeInstanceOf(SluiceError);
  for (const records of [["a"], new Set(["a"]), ["a"].values(), [Promise.resolve("a")]]) {
    expect(await scheduler.enqueue(records)).toMatchObject({ accepted: 1 });
  }
});

test.each<unknown>([undefined, null, 7, ["run"], Symbol("run")])(
  "an id of a run or a record can't be %o",
  async (given) => {
    const { scheduler } = createSchedulerHarness();
    const id = given as string;
    for (const call of [scheduler.run(id), scheduler.wait(id), scheduler.cancel(id), scheduler.record(id)]) {
      await expect(call).rejects.toMatchObject({
        code: "input-invalid",
        message: expect.stringMatching(/^(runId|recordId) must be a text, received /),
      });
    }
  },
);
