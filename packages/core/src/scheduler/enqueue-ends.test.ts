import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { FakeClock } from "@sluice/testing/fake-clock";
import { createMemoryQueue } from "@sluice/testing/memory-queue";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { createSchedulerHarness, idsIn, never } from "./fakes/scheduler-harness.ts";
import { EnqueueInterrupted } from "./scheduler.ts";

/** The longest time that a run goes on after it was stopped. */
const LAST_MS = 1_000;
/** The time that a record waits for others. */
const LINGER_MS = 500;

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `record-${index}`);

test("a queue that takes calls and never answers is given up in time, and its calls are told so", async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const { scheduler, errorOf } = createSchedulerHarness({
    send(_, signal) {
      signals.push(signal);
      return never();
    },
  });
  const run = scheduler.enqueue(["a"], { giveUpAfterMs: 60_000 });
  expect(await errorOf(run, 60_000 + LAST_MS)).toMatchObject({
    cause: expect.any(Unreachable),
    message: expect.stringContaining("no answer in time"),
    result: { accepted: 0 },
  });
  expect(signals.length).toBeGreaterThan(1);
  expect(signals.map((signal) => signal?.aborted)).toEqual(signals.map(() => true));
});

test.each([
  ["in time", undefined, 10_000],
  ["once its caller aborts", 2_000, 2_000 + LAST_MS],
])("whether a run is done at its seal is given up %s", async (_, abortAfterMs, endsAfterMs) => {
  const { scheduler, stores, clock, resultOf } = createSchedulerHarness();
  const caller = new AbortController();
  const asked = Promise.withResolvers<void>();
  stores.runs.part = () => {
    asked.resolve();
    return never();
  };
  const startedAtMs = clock.nowMs();
  const run = resultOf(
    scheduler.enqueue(numbered(10), { signal: caller.signal, concurrency: 1 }),
    endsAfterMs,
  );
  await asked.promise;
  if (abortAfterMs !== undefined) void clock.sleep(abortAfterMs).then(() => caller.abort());
  expect(await run).toMatchObject({ accepted: 10 });
  expect(clock.nowMs() - startedAtMs).toBeLessThanOrEqual(endsAfterMs);
});

test("a call that is never answered is made again, and the run goes on", async () => {
  const queue = createMemoryQueue();
  let calls = 0;
  const { scheduler, resultOf } = createSchedulerHarness({
    send: (entries, signal) => {
      calls += 1;
      return calls === 1 ? never() : queue.send(entries, signal);
    },
  });
  expect(await resultOf(scheduler.enqueue(["a", "b"]), 60_000)).toMatchObject({ accepted: 2 });
  expect(idsIn(queue)).toEqual(["a", "b"]);
});

test("a queue that stops answering late is given up in time all the same", async () => {
  let calls = 0;
  const { scheduler, clock, errorOf } = createSchedulerHarness({
    async send() {
      calls += 1;
      if (calls > 2) return never();
      throw new Unreachable("SQS", "down");
    },
  });
  const startedAtMs = clock.nowMs();
  await errorOf(scheduler.enqueue(["a"], { giveUpAfterMs: 5_000 }));
  expect(calls).toBe(3);
  expect(clock.nowMs() - startedAtMs).toBe(5_000);
});

test("each of the calls side by side has a time of its own", async () => {
  const agesMs: number[] = [];
  const { scheduler, clock } = createSchedulerHarness({
    send(_, signal) {
      const startedAtMs = clock.nowMs();
      signal?.addEventListener("abort", () => agesMs.push(clock.nowMs() - startedAtMs));
      return never();
    },
  });
  const more = Promise.withResolvers<void>();
  void scheduler.enqueue(halves(more.promise));
  await passTime(clock, 10_000);
  more.resolve();
  await passTime(clock, 60_000);
  expect(agesMs.length).toBeGreaterThanOrEqual(4);
  expect(new Set(agesMs)).toEqual(new Set([20_000]));
});

test("a call that has less time than one before it is given up before that one", async () => {
  const { scheduler, clock, errorOf } = createSchedulerHarness({
    async send([entry]) {
      const isFirst = entry?.groupId === "record-0";
      if (isFirst && clock.nowMs() < startedAtMs + 22_000) throw new Unreachable("SQS", "down");
      return never();
    },
  });
  const startedAtMs = clock.nowMs();
  const more = Promise.withResolvers<void>();
  const run = scheduler.enqueue(halves(more.promise), { giveUpAfterMs: 30_000 });
  await passTime(clock, 21_000);
  more.resolve();
  await errorOf(run);
  expect(clock.nowMs() - startedAtMs).toBe(LINGER_MS + 30_000 + LAST_MS);
});

/** A batch, and another one when `more` is there; then nothing. */
async function* halves(more: Promise<void>): AsyncGenerator<string> {
  yield* numbered(20).slice(0, 10);
  await more;
  yield* numbered(20).slice(10);
  await never();
}

async function passTime(clock: FakeClock, durationMs: number): Promise<void> {
  await setImmediate();
  for (let passedMs = 0; passedMs < durationMs; passedMs += 100) {
    clock.advance(100);
    await setImmediate();
  }
}

test("a run leaves no timer and no listener behind, however it ends", async () => {
  for (const isAborted of [false, true]) {
    const abort = new AbortController();
    const { scheduler, sleepCount } = createSchedulerHarness();
    async function* slow(): AsyncGenerator<string> {
      for (const id of numbered(15)) {
        await setImmediate();
        yield id;
      }
      if (isAborted) abort.abort();
    }
    const ended = await scheduler
      .enqueue(slow(), { signal: abort.signal })
      .catch(({ result }: EnqueueInterrupted) => result);
    expect(ended.accepted).toBe(isAborted ? 0 : 15);
    await setImmediate();
    expect(sleepCount()).toBe(0);
    expect(getEventListeners(abort.signal, "abort")).toEqual([]);
  }
});

test("a run that may wait for nothing still gives a call a second", async () => {
  const { scheduler, clock, errorOf } = createSchedulerHarness({ send: never });
  const startedAtMs = clock.nowMs();
  const { cause } = await errorOf(scheduler.enqueue(["a"], { giveUpAfterMs: 0 }));
  expect(cause).toBeInstanceOf(Unreachable);
  expect(clock.nowMs() - startedAtMs).toBe(LAST_MS);
});

test("an abort ends the run though the queue never answers, after a second for calls under way", async () => {
  const abort = new AbortController();
  const given: (AbortSignal | undefined)[] = [];
  const { scheduler, clock, errorOf } = createSchedulerHarness({
    send: (_, signal) => {
      given.push(signal);
      return never();
    },
  });
  const run = scheduler.enqueue(["a"], { signal: abort.signal });
  await setImmediate();
  abort.abort(new Error("enough"));
  await setImmediate();
  expect(given.map((signal) => signal?.aborted)).toEqual([false]);
  clock.advance(LAST_MS);
  await expect(errorOf(run, 0)).resolves.toMatchObject({ cause: new Error("enough") });
  expect(given.map((signal) => signal?.aborted)).toEqual([true]);
});

test("what the queue answers within a second after an abort is counted", async () => {
  const abort = new AbortController();
  const answered = Promise.withResolvers<[]>();
  const { scheduler, clock, errorOf } = createSchedulerHarness({ send: () => answered.promise });
  function* endless(): Generator<string> {
    for (let index = 0; ; index += 1) yield `record-${index}`;
  }
  const run = scheduler.enqueue(endless(), { signal: abort.signal, concurrency: 2 });
  await setImmediate();
  abort.abort(new Error("enough"));
  clock.advance(LAST_MS - 1);
  answered.resolve([]);
  expect((await errorOf(run, 0)).result.accepted).toBe(20);
});

test("an abort after the last record changes nothing where the queue takes it", async () => {
  const abort = new AbortController();
  const answered = Promise.withResolvers<[]>();
  const { scheduler, resultOf } = createSchedulerHarness({ send: () => answered.promise });
  const run = scheduler.enqueue(["a"], { signal: abort.signal });
  await setImmediate();
  abort.abort();
  answered.resolve([]);
  expect(await resultOf(run, 0)).toMatchObject({ accepted: 1 });
});

test("an abort ends a back-off at once", async () => {
  const abort = new AbortController();
  const { scheduler, records, clock, errorOf } = createSchedulerHarness();
  records.failNext(1_000_000);
  const run = scheduler.enqueue(["a"], { signal: abort.signal });
  await setImmediate();
  clock.advance(20_000);
  await setImmediate();
  const sendCount = records.sendCount;
  abort.abort(new Error("enough"));
  expect(await errorOf(run, 0)).toMatchObject({ cause: new Error("enough"), result: { accepted: 0 } });
  expect(records.sendCount).toBe(sendCount);
});

test("a run that is aborted before it begins reads and sends nothing", async () => {
  const { scheduler, records, errorOf } = createSchedulerHarness();
  let read = 0;
  function* input(): Generator<string> {
    read += 1;
    yield "a";
  }
  const run = scheduler.enqueue(input(), { signal: AbortSignal.abort(new Error("too late")) });
  expect(await errorOf(run, 0)).toMatchObject({ cause: new Error("too late"), result: { accepted: 0 } });
  expect([read, records.sendCount]).toEqual([0, 0]);
});

test("an input that stalls does not hold up an abort", async () => {
  const abort = new AbortController();
  const { scheduler, clock, records, errorOf } = createSchedulerHarness();
  async function* stalling(): AsyncGenerator<string> {
    yield* numbered(10);
    await never();
  }
  const run = scheduler.enqueue(stalling(), { signal: abort.signal });
  await passTime(clock, LINGER_MS);
  abort.abort(new Error("enough"));
  expect(await errorOf(run, 0)).toMatchObject({ cause: new Error("enough"), result: { accepted: 10 } });
  expect(records.entries).toHaveLength(10);
});

test("an input that can be neither read nor closed does not hold up an abort", async () => {
  const abort = new AbortController();
  const { scheduler, errorOf } = createSchedulerHarness();
  const closing = () => Promise.reject(new Error("could not be closed"));
  const run = scheduler.enqueue(
    { [Symbol.asyncIterator]: () => ({ next: never, return: closing }) },
    { signal: abort.signal },
  );
  await setImmediate();
  abort.abort(new Error("enough"));
  expect(await errorOf(run, 0)).toMatchObject({ cause: new Error("enough") });
});

test("a promise in a list that is never kept does not hold up an abort", async () => {
  const abort = new AbortController();
  const { scheduler, errorOf } = createSchedulerHarness();
  const run = scheduler.enqueue(["a", never()], { signal: abort.signal });
  await setImmediate();
  abort.abort(new Error("enough"));
  expect(await errorOf(run, 0)).toMatchObject({ cause: new Error("enough") });
});

test("an input that stalls does not hold up the news that the queue refuses", async () => {
  const denied = new Error("AccessDenied");
  const { scheduler, errorOf } = createSchedulerHarness({ send: () => Promise.reject(denied) });
  async function* stalling(): AsyncGenerator<string> {
    yield* numbered(10);
    await never();
  }
  expect(await errorOf(scheduler.enqueue(stalling()), LINGER_MS)).toMatchObject({ cause: denied });
});

test("an error that waiting does not mend ends the run: nothing is sent again, read on or sent after it", async () => {
  const denied = new Error("AccessDenied");
  let sendCount = 0;
  const { scheduler, errorOf } = createSchedulerHarness({
    async send() {
      sendCount += 1;
      throw denied;
    },
  });
  let read = 0;
  function* long(): Generator<string> {
    for (; read < 1_000; read += 1) yield `record-${read}`;
  }
  expect(await errorOf(scheduler.enqueue(long(), { concurrency: 1 }), 0)).toMatchObject({ cause: denied });
  expect(sendCount).toBe(1);
  expect(read).toBeLessThanOrEqual(20);
});

test("records that were read when the queue refused are not sent after all", async () => {
  const denied = new Error("AccessDenied");
  const refused = Promise.withResolvers<void>();
  let sendCount = 0;
  const { scheduler, errorOf } = createSchedulerHarness({
    async send() {
      sendCount += 1;
      await refused.promise;
      throw denied;
    },
  });
  function* input(): Generator<string> {
    yield* numbered(15);
    refused.resolve();
  }
  expect(await errorOf(scheduler.enqueue(input(), { concurrency: 1 }), 0)).toMatchObject({ cause: denied });
  expect(sendCount).toBe(1);
});

test("once the queue has refused a batch the others are not tried again", async () => {
  const denied = new Error("AccessDenied");
  let calls = 0;
  const { scheduler, errorOf } = createSchedulerHarness({
    async send() {
      calls += 1;
      throw calls === 2 ? denied : new Unreachable("SQS", "down");
    },
  });
  expect(await errorOf(scheduler.enqueue(numbered(20)), 0)).toMatchObject({ cause: denied });
  expect(calls).toBe(2);
});

test("what the queue took of a batch that failed in the end is counted", async () => {
  const { scheduler, records, errorOf } = createSchedulerHarness();
  records.refuse(({ body }) =>
    body.includes("record-3") ? { reason: "InternalError", isFinal: false } : undefined,
  );
  const { result } = await errorOf(scheduler.enqueue(numbered(10), { giveUpAfterMs: 30_000 }));
  expect(result.accepted).toBe(9);
});

test("an input that is left before its end is closed, and can't hold up the run by that", async () => {
  const steps: string[] = [];
  for (const [name, closing] of [
    ["at once", async () => {}],
    ["never", never],
    ["with an error", () => Promise.reject(new Error("could not be closed"))],
  ] as const) {
    const abort = new AbortController();
    const answered = Promise.withResolvers<[]>();
    const { scheduler, errorOf } = createSchedulerHarness({ send: () => answered.promise });
    async function* endless(): AsyncGenerator<string> {
      try {
        for (let index = 0; ; index += 1) yield `record-${index}`;
      } finally {
        steps.push(`closing ${name}`);
        await setImmediate();
        await closing();
        steps.push("closed");
      }
    }
    const run = scheduler.enqueue(endless(), { concurrency: 1, signal: abort.signal });
    await setImmediate();
    abort.abort(new Error("enough"));
    answered.resolve([]);
    expect(await errorOf(run, LAST_MS)).toMatchObject({ cause: new Error("enough") });
    steps.push("ended");
  }
  expect(steps).toEqual([
    ...["closing at once", "closed", "ended"],
    ...["closing never", "ended"],
    ...["closing with an error", "ended"],
  ]);
});

test("an input that has ended is not closed again", async () => {
  const { scheduler, resultOf } = createSchedulerHarness();
  let closings = 0;
  const input = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: true, value: undefined }) as const,
      return: async () => {
        closings += 1;
        return { done: true, value: undefined } as const;
      },
    }),
  };
  expect(await resultOf(scheduler.enqueue(input), 0)).toMatchObject({ accepted: 0 });
  expect(closings).toBe(0);
});

test("an input that breaks the rules of iterables ends the run with an error", async () => {
  const { scheduler, errorOf } = createSchedulerHarness();
  const input = { [Symbol.asyncIterator]: () => ({ next: async () => undefined as never }) };
  expect(await errorOf(scheduler.enqueue(input), 0)).toMatchObject({ cause: expect.any(TypeError) });
});

test("an error of progress ends the run", async () => {
  const broken = new Error("progress can't be shown");
  const { scheduler, errorOf } = createSchedulerHarness();
  const onProgress = () => {
    throw broken;
  };
  const thrown = await errorOf(scheduler.enqueue(numbered(10), { onProgress }), 0);
  expect(thrown).toBeInstanceOf(EnqueueInterrupted);
  expect(thrown).toMatchObject({ cause: broken, result: { accepted: 10 } });
});
