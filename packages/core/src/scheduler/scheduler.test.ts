import { createMemoryQueue } from "@sluice/testing/memory-queue";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { byLane } from "../provider/lane.ts";
import { createMemorySchedulerStores } from "../storage/memory-scheduler-stores.ts";
import { createSchedulerHarness, idsIn } from "./fakes/scheduler-harness.ts";
import { createScheduler, EnqueueInterrupted } from "./scheduler.ts";

test("sends every record once, with its run, and says what became of the input", async () => {
  const { scheduler, records } = createSchedulerHarness();
  const result = await scheduler.enqueue(["a", { id: "b", payload: { part: 1 } }, "a"], {
    correlationId: "trace",
  });
  expect(result).toEqual({ runId: "run-0", accepted: 2, duplicatesInRun: 1, rejected: [], rejectedCount: 0 });
  expect(records.entries.map(({ body }) => JSON.parse(body))).toEqual([
    { version: 1, provider: "demo", runId: "run-0", correlationId: "trace", recordId: "a", number: 0 },
    {
      version: 1,
      provider: "demo",
      runId: "run-0",
      correlationId: "trace",
      recordId: "b",
      number: 1,
      payload: { part: 1 },
    },
  ]);
});

test("rejects what can't be a record, by index, and goes on with the others", async () => {
  const { scheduler, records } = createSchedulerHarness();
  const inputs = [
    "",
    "x".repeat(1_025),
    7,
    null,
    undefined,
    {},
    ["a"],
    "\ud800",
    { id: "p", payload: "x".repeat(65_535) },
  ];
  const { accepted, rejected } = await scheduler.enqueue([...inputs, "good"]);
  expect(accepted).toBe(1);
  expect(idsIn(records)).toEqual(["good"]);
  expect(rejected.map(({ index, reason }) => `${index}: ${reason}`)).toEqual([
    "0: the id is empty",
    "1: the id has 1025 characters, at most 1024 are allowed",
    "2: the id must be a string, received a number",
    "3: the id must be a string, received null",
    "4: the id must be a string, received nothing",
    "5: the id must be a string, received nothing",
    "6: the id must be a string, received an array",
    "7: the id is not well-formed Unicode: it holds half a surrogate pair",
    "8: the payload has 65537 bytes as JSON, at most 65536 are allowed",
  ]);
});

test("any well-formed id arrives as it was, in a body, group and deduplication id that SQS takes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.string({ unit: "binary", minLength: 1, maxLength: 300 })),
      async (ids) => {
        const { scheduler, records } = createSchedulerHarness();
        const wellFormed = ids.filter((id) => id.isWellFormed());
        await scheduler.enqueue(wellFormed);
        expect(idsIn(records).toSorted()).toEqual(wellFormed.toSorted());
        expect(new Set(records.entries.map(({ groupId }) => groupId)).size).toBe(wellFormed.length);
        for (const { groupId, deduplicationId, body } of records.entries) {
          expect(groupId).toMatch(/^[!-~]{1,128}$/);
          expect(deduplicationId).toMatch(/^[!-~]{1,128}$/);
          expect(body).not.toMatch(/[^\t\n\r\u0020-\uD7FF\uD800-\uDFFF\uE000-\uFFFD]/);
        }
      },
    ),
  );
});

test("the same run id enqueues nothing twice, another run does", async () => {
  const { scheduler, records } = createSchedulerHarness();
  await scheduler.enqueue(["a", "b"], { runId: "tonight" });
  await scheduler.enqueue(["a", "b"], { runId: "tonight" });
  expect(records.entries).toHaveLength(2);
  await scheduler.enqueue(["a", "b"], { runId: "tomorrow" });
  expect(records.entries).toHaveLength(4);
});

test("the express lane has a queue of its own", async () => {
  const { scheduler, records, express } = createSchedulerHarness();
  await scheduler.enqueue(["a"], { lane: "express" });
  expect([idsIn(records), idsIn(express)]).toEqual([[], ["a"]]);
});

test("entries that the queue reports as failed are sent again, those at fault themselves are rejected", async () => {
  const { scheduler, records, resultOf } = createSchedulerHarness();
  let failures = 3;
  records.refuse(({ body }) => {
    if (body.includes("bad")) return { reason: "InvalidMessageContents", isFinal: true };
    failures -= 1;
    return failures >= 0 ? { reason: "InternalError", isFinal: false } : undefined;
  });
  const result = await resultOf(scheduler.enqueue(["a", "bad", "b"]));
  expect(result).toMatchObject({
    accepted: 2,
    rejected: [{ index: 1, id: "bad", reason: "InvalidMessageContents" }],
  });
  expect(idsIn(records).toSorted()).toEqual(["a", "b"]);
});

test("an unreachable queue is waited for, longer each time", async () => {
  const { scheduler, records, clock, resultOf } = createSchedulerHarness();
  records.failNext(12);
  const startedAtMs = clock.nowMs();
  expect(await resultOf(scheduler.enqueue(["a"]))).toMatchObject({ accepted: 1 });
  expect(clock.nowMs() - startedAtMs).toBeGreaterThan(20_000);
});

test("a queue that stays unreachable ends the run, which says what was enqueued and how to go on", async () => {
  const { scheduler, records, errorOf } = createSchedulerHarness();
  records.failNext(1_000_000);
  const thrown = await errorOf(scheduler.enqueue(["a"], { giveUpAfterMs: 60_000 }), 60_000);
  expect(thrown).toBeInstanceOf(EnqueueInterrupted);
  expect(thrown).toMatchObject({ cause: expect.any(Unreachable), result: { runId: "run-0", accepted: 0 } });
  expect(String(thrown)).toContain("call again with runId run-0");
});

test("an input that fails in the middle ends the run after what was read has been sent", async () => {
  const { scheduler, records } = createSchedulerHarness();
  function* broken(): Generator<string> {
    for (let index = 0; index < 25; index += 1) yield `record-${index}`;
    throw new Error("line 26 is broken");
  }
  const thrown = await scheduler.enqueue(broken()).catch((error: unknown) => error);
  expect(thrown).toMatchObject({
    message: expect.stringContaining("line 26 is broken"),
    result: { accepted: 25 },
  });
  expect(records.entries).toHaveLength(25);
});

test("aborting stops reading, counts what was sent and throws", async () => {
  const { scheduler, records } = createSchedulerHarness();
  const abort = new AbortController();
  let read = 0;
  function* endless(): Generator<string> {
    for (;;) yield `record-${read++}`;
  }
  const onProgress = ({ accepted }: { accepted: number }) =>
    accepted >= 50 && abort.abort(new Error("enough"));
  const thrown = await scheduler
    .enqueue(endless(), { signal: abort.signal, onProgress })
    .catch((error: unknown) => error);
  expect(thrown).toMatchObject({ message: expect.stringContaining("enough") });
  expect((thrown as EnqueueInterrupted).result.accepted).toBe(records.entries.length);
  expect(read).toBeLessThan(50 + 10 * 17);
});

test("at most `concurrency` batches are under way, and input is read a block ahead of them at most", async () => {
  const { clock } = createSchedulerHarness();
  let underWay = 0;
  let mostUnderWay = 0;
  let read = 0;
  const release: (() => void)[] = [];
  const records = {
    ...createMemoryQueue(),
    send: async () => {
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      await new Promise<void>((resolve) => release.push(resolve));
      underWay -= 1;
      return [];
    },
  };
  const queues = { ...byLane(() => createMemoryQueue()), records };
  const scheduler = createScheduler(
    { id: "demo" },
    {
      ...createMemorySchedulerStores(),
      queues,
      clock,
      ids: { next: () => "run" },
      random: { next: () => 0 },
    },
  );
  function* input(): Generator<string> {
    for (; read < 200; read += 1) yield `record-${read}`;
  }
  const enqueued = scheduler.enqueue(input(), { concurrency: 3 });
  await new Promise(setImmediate);
  expect(read).toBeLessThanOrEqual(60);
  const releasing = setInterval(() => release.splice(0).forEach((resolve) => void resolve()), 0);
  expect(await enqueued).toMatchObject({ accepted: 200 });
  clearInterval(releasing);
  expect(mostUnderWay).toBe(3);
});
