import { expect, test } from "vitest";
import { createMappingHarness, type FakeFunction, succeedAfter } from "./fakes/mapping-harness.ts";

const answer =
  (payload: string): FakeFunction =>
  async () => ({ kind: "answered", payload });
const throttle: FakeFunction = async () => ({ kind: "throttled" });
const fail: FakeFunction = async () => ({ kind: "function-error" });

test("the messages that an answer does not list are deleted, the others come back", async () => {
  const harness = createMappingHarness(answer('{"batchItemFailures":[{"itemIdentifier":"m2"}]}'));
  harness.queue.send(3);
  await harness.clock.advance(10_000);
  expect(harness.batches).toEqual([["m1", "m2", "m3"]]);
  expect(harness.queue.remaining()).toEqual(["m2"]);
  expect(harness.mapping.stats()).toMatchObject({ partialBatches: 1, messagesDeleted: 2, failedBatches: 0 });
});

test.each([
  ["a function error", fail],
  ["an answer that can't be read", answer('{"batchItemFailures":[{"itemIdentifier":"m9"}]}')],
])("after %s nothing is deleted and the batch comes back when its visibility ends", async (_what, run) => {
  const harness = createMappingHarness(run);
  harness.queue.send(2);
  await harness.clock.advance(31_000);
  expect(harness.batches).toEqual([["m1", "m2"]]);
  await harness.clock.advance(3_000);
  expect(harness.batches).toEqual([
    ["m1", "m2"],
    ["m1", "m2"],
  ]);
  expect(harness.queue.remaining()).toEqual(["m1", "m2"]);
  expect(harness.mapping.stats().failedBatches).toBe(2);
});

test("without ReportBatchItemFailures the answer does not matter", async () => {
  const harness = createMappingHarness(answer('{"batchItemFailures":[{"itemIdentifier":"m1"}]}'), {
    reportsBatchItemFailures: false,
  });
  harness.queue.send(1);
  await harness.clock.advance(5_000);
  expect(harness.queue.remaining()).toEqual([]);
});

test("a throttled batch is tried again with growing pauses until its visibility has run out", async () => {
  const startedAtMs: number[] = [];
  const harness = createMappingHarness(async (_event, clock) => {
    startedAtMs.push(clock.nowMs());
    return { kind: "throttled" };
  });
  harness.queue.send(1);
  await harness.clock.advance(31_000);
  const pausesMs = startedAtMs.slice(1).map((atMs, index) => atMs - (startedAtMs[index] ?? 0));
  expect(pausesMs).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000]);
  expect(harness.mapping.stats().droppedBatches).toBe(0);
  await harness.clock.advance(1_000);
  expect(harness.mapping.stats()).toMatchObject({ droppedBatches: 1, invocations: 0, failedBatches: 0 });
  expect(harness.queue.remaining()).toEqual(["m1"]);
});

test("a batch that was throttled for a while is worked on and deleted", async () => {
  let calls = 0;
  const harness = createMappingHarness((event, clock) => {
    calls += 1;
    return calls < 4 ? throttle(event, clock) : answer("null")(event, clock);
  });
  harness.queue.send(1);
  await harness.clock.advance(5_000);
  expect(harness.queue.remaining()).toEqual([]);
  expect(harness.mapping.stats()).toMatchObject({ throttles: 3, invocations: 1 });
});

test("a redelivery hands the same batch over once more before it is deleted", async () => {
  const remainingAtStart: number[] = [];
  const harness = createMappingHarness(
    async (event) => {
      remainingAtStart.push(harness.queue.remaining().length);
      return { kind: "answered", payload: event.Records.length === 2 ? "{}" : "" };
    },
    {},
    { redeliveryRatio: 1 },
  );
  harness.queue.send(2);
  await harness.clock.advance(5_000);
  expect(remainingAtStart).toEqual([2, 2]);
  expect(harness.queue.remaining()).toEqual([]);
  expect(harness.mapping.stats()).toMatchObject({ invocations: 2, redeliveries: 1 });
});

test("deleting what is visible again is not tried twice, and told from what is deleted", async () => {
  const harness = createMappingHarness(succeedAfter(100));
  harness.queue.send(3);
  harness.queue.refuseDeletionOf("m2");
  await harness.clock.advance(20_000);
  expect(harness.queue.remaining()).toEqual(["m2"]);
  expect(harness.mapping.stats()).toMatchObject({
    messagesDeleted: 2,
    deletionFailures: 1,
    failedBatches: 0,
  });
});

test("deleting survives a short failure of the queue, and gives up after a long one", async () => {
  const harness = createMappingHarness(succeedAfter(100));
  harness.queue.breakDown("deleteMessages", true);
  harness.queue.send(1);
  await harness.clock.advance(2_300);
  harness.queue.breakDown("deleteMessages", false);
  await harness.clock.advance(1_000);
  expect(harness.queue.remaining()).toEqual([]);
  harness.queue.breakDown("deleteMessages", true);
  harness.queue.send(1);
  await harness.clock.advance(5_000);
  expect(harness.queue.remaining()).toEqual(["m2"]);
  expect(harness.mapping.stats()).toMatchObject({ messagesDeleted: 1, deletionFailures: 1 });
});
