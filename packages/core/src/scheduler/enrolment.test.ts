import { createMemoryQueue } from "@sluice/testing/memory-queue";
import { watchCalls } from "@sluice/testing/watch-calls";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { byLane } from "../provider/lane.ts";
import { placeOf } from "../runs/parts.ts";
import { createMemoryRunStore } from "../storage/memory-run-store.ts";
import { createSchedulerHarness, idsIn, type SchedulerHarness } from "./fakes/scheduler-harness.ts";
import { RunRefused } from "./run-refused.ts";
import { createScheduler } from "./scheduler.ts";

const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `r${from + at}`);
const TONIGHT = { runId: "tonight" };

let harness: SchedulerHarness;
beforeEach(() => {
  harness = createSchedulerHarness();
});

/** The same run from another process, hours later: its queue has forgotten what was sent. */
function later() {
  const records = createMemoryQueue();
  const queues = { ...byLane(() => createMemoryQueue()), records };
  const { stores, clock } = harness;
  const random = { next: () => 0.5 };
  return {
    records,
    scheduler: createScheduler(
      { id: "demo" },
      { ...stores, queues, clock, ids: { next: () => "x" }, random },
    ),
  };
}

const messagesIn = ({ entries }: Pick<ReturnType<typeof createMemoryQueue>, "entries">) =>
  entries.map(({ body }) => JSON.parse(body));

describe("a run that is enqueued again", () => {
  test("hours later sends nothing twice, and counts what it has", async () => {
    await harness.scheduler.enqueue(numbered(5_000), TONIGHT);
    const { scheduler, records } = later();
    expect(await scheduler.enqueue(numbered(5_000), TONIGHT)).toMatchObject({ accepted: 5_000 });
    expect(records.entries).toEqual([]);
    expect(await scheduler.run("tonight")).toMatchObject({ accepted: 5_000, open: 5_000, state: "open" });
  });

  test("after an interruption sends the rest, under the numbers that follow", async () => {
    function* broken() {
      yield* numbered(25);
      throw new Error("line 26 is broken");
    }
    await expect(harness.scheduler.enqueue(broken(), TONIGHT)).rejects.toThrow("line 26 is broken");
    expect(await harness.scheduler.run("tonight")).toMatchObject({ accepted: 25, state: "enqueuing" });
    const { scheduler, records } = later();
    expect(await scheduler.enqueue(numbered(40), TONIGHT)).toMatchObject({ accepted: 40 });
    const sent = messagesIn(records);
    for (const { recordId, number } of sent) expect(recordId).toBe(`r${number}`);
    expect(sent.map(({ number }) => number)).toEqual(
      expect.arrayContaining(numbered(15).map((_, at) => 25 + at)),
    );
    expect(await scheduler.run("tonight")).toMatchObject({ accepted: 40, state: "open" });
  });

  test.each([
    ["others", numbered(30, 1), "were others"],
    ["the same in another order", numbered(30).toReversed(), "were others"],
    ["fewer", numbered(29), "it has 30 records or more, and not 29"],
    ["more", numbered(31), "it has 30 records"],
    ["none", [], "it has 30 records or more, and not 0"],
  ])("with other records is refused, and nothing is sent: %s", async (_, records, problem) => {
    await harness.scheduler.enqueue(numbered(30), TONIGHT);
    const second = later();
    const run = second.scheduler.enqueue(records, TONIGHT);
    await expect(run).rejects.toBeInstanceOf(RunRefused);
    await expect(run).rejects.toThrow(problem);
    expect(second.records.entries).toEqual([]);
  });

  test("after it was cancelled is refused", async () => {
    function* broken() {
      yield* numbered(25);
      throw new Error("broken");
    }
    await harness.scheduler.enqueue(broken(), TONIGHT).catch(() => {});
    await harness.scheduler.cancel("tonight");
    await expect(later().scheduler.enqueue(numbered(40), TONIGHT)).rejects.toThrow("is cancelled");
  });

  test("whenever it was interrupted has each record under one number, and each number", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 700 }),
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 700 }), isQueueAway: fc.boolean() }), {
          maxLength: 4,
        }),
        async (count, interruptions) => {
          harness = createSchedulerHarness();
          const sent = new Map<number, string>();
          const note = ({ records }: { records: ReturnType<typeof createMemoryQueue> }) => {
            for (const { number, recordId } of messagesIn(records)) {
              expect(sent.get(number) ?? recordId).toBe(recordId);
              sent.set(number, recordId);
            }
          };
          for (const { at, isQueueAway } of interruptions) {
            const attempt = later();
            if (isQueueAway) attempt.records.failNext(1_000_000);
            function* input() {
              yield* numbered(Math.min(at, count));
              throw new Error("interrupted");
            }
            await attempt.scheduler.enqueue(input(), { ...TONIGHT, giveUpAfterMs: 0 }).catch(() => {});
            note(attempt);
          }
          const last = later();
          expect(await last.scheduler.enqueue(numbered(count), TONIGHT)).toMatchObject({ accepted: count });
          note(last);
          expect(sent.size).toBe(count);
          expect(await last.scheduler.run("tonight")).toMatchObject({ accepted: count, open: count });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a run is kept", () => {
  test("by one write, and listed by another, if one call to the queue is enough for it, and is not looked after", async () => {
    const runs = watchCalls(createMemoryRunStore());
    const queues = byLane(() => createMemoryQueue());
    const { clock } = harness;
    const deps = {
      ...harness.stores,
      queues,
      runs: runs.port,
      clock,
      ids: { next: () => "x" },
      random: { next: () => 0.5 },
    };
    await createScheduler({ id: "demo" }, deps).enqueue(numbered(10));
    expect(runs.calls).toEqual(["open"]);
  });

  test("before its first message is sent: while it can't be, none is", async () => {
    const runs = createMemoryRunStore();
    const queue = createMemoryQueue();
    const away = { ...runs, open: () => Promise.reject(new Unreachable("the table", "away")) };
    const { clock } = harness;
    const deps = {
      ...harness.stores,
      queues: byLane(() => queue),
      runs: away,
      clock,
      ids: { next: () => "x" },
      random: { next: () => 0.5 },
    };
    const run = createScheduler({ id: "demo" }, deps).enqueue(numbered(3), { giveUpAfterMs: 0 });
    await expect(run).rejects.toMatchObject({ code: "enqueue-interrupted", result: { accepted: 0 } });
    expect(queue.entries).toEqual([]);
  });

  test.each([
    ["none", []],
    ["none that is one", [1 as never, { id: "" }]],
  ])("of no records is completed at once, and looked after until it is told of: %s", async (_, records) => {
    await harness.scheduler.enqueue(records, TONIGHT);
    const status = { accepted: 0, open: 0, state: "completed" };
    expect(await harness.scheduler.wait("tonight")).toMatchObject(status);
    expect(await harness.runs.read("tonight")).toMatchObject({ completion: { isAnnounced: false } });
    expect(await harness.runs.watched()).toEqual(["tonight"]);
  });

  test.each([
    ["have all had their end", { from: 0, until: 201 }, "completed"],
    ["have all had their end but the first", { from: 1, until: 201 }, "open"],
    ["have all had their end but the last", { from: 0, until: 200 }, "open"],
  ])("and completed as it is sealed, if its records %s before", async (_, { from, until }, state) => {
    async function* stalled() {
      yield* numbered(201);
      while (harness.records.entries.length < 201) await new Promise(setImmediate);
      for (let number = from; number < until; number += 1) {
        const { part, place } = placeOf(number);
        await harness.runs.mark("tonight", part, { fetched: [place] }, 0);
      }
    }
    const { enqueue, run } = harness.scheduler;
    await harness.resultOf(enqueue(stalled(), TONIGHT));
    expect(await run("tonight")).toMatchObject({ accepted: 201, counts: { fetched: until - from }, state });
    expect(await harness.runs.watched()).toEqual(["tonight"]);
  });

  test("and left to the waker, if the table can't be had for its completion", async () => {
    const complete = () => Promise.reject(new Unreachable("the table", "away"));
    harness.runs.complete = complete;
    expect(await harness.scheduler.enqueue([], TONIGHT)).toMatchObject({ accepted: 0 });
    expect(await harness.scheduler.run("tonight")).toMatchObject({ accepted: 0, state: "open" });
  });

  test("with what the queue refuses for good as dead", async () => {
    harness.records.refuse(({ body }) =>
      body.includes("bad") ? { reason: "InvalidMessageContents", isFinal: true } : undefined,
    );
    await harness.resultOf(harness.scheduler.enqueue(["a", "bad"], TONIGHT));
    const status = await harness.scheduler.run("tonight");
    expect(status).toMatchObject({ accepted: 2, counts: { dead: 1 }, open: 1 });
    expect(await Array.fromAsync(status?.records() ?? [])).toMatchObject([
      { recordId: "bad", cause: "the queue refuses it: InvalidMessageContents" },
    ]);
    expect(idsIn(harness.records)).toEqual(["a"]);
    expect(await harness.runs.watched()).toEqual(["tonight"]);
  });
});

describe("a deadline", () => {
  const HOUR_MS = 3_600_000;

  test.each([
    ["a date", { deadline: new Date("2026-11-18T13:00:00Z") }],
    ["an instant", { deadline: Date.parse("2026-11-18T13:00:00Z") }],
    ["a time from now on", { maxAgeMs: HOUR_MS }],
    ["the earlier of both", { deadline: new Date("2026-11-19T00:00:00Z"), maxAgeMs: HOUR_MS }],
  ])("goes with each message, and the waker looks after its run: %s", async (_, options) => {
    await harness.scheduler.enqueue(["a"], { ...TONIGHT, ...options });
    const deadlineMs = Date.parse("2026-11-18T13:00:00Z");
    expect(messagesIn(harness.records)).toMatchObject([{ expiresAtMs: deadlineMs }]);
    expect(await harness.scheduler.run("tonight")).toMatchObject({ deadlineMs });
    expect(await harness.runs.watched()).toEqual(["tonight"]);
  });

  test("that is past is refused, but not of a run that is resumed", async () => {
    const deadline = new Date("2026-11-18T11:00:00Z");
    await expect(harness.scheduler.enqueue(["a"], { deadline })).rejects.toMatchObject({
      code: "input-invalid",
      message:
        "Nothing was enqueued: options.deadline must be in the future, received 2026-11-18T11:00:00.000Z",
    });
    await harness.scheduler.enqueue(["a"], { ...TONIGHT, maxAgeMs: HOUR_MS });
    harness.clock.advance(2 * HOUR_MS);
    const again = later().scheduler.enqueue(["a"], {
      ...TONIGHT,
      deadline: new Date("2026-11-18T13:00:00Z"),
    });
    expect(await again).toMatchObject({ accepted: 1 });
  });
});
