import { expect, test } from "vitest";
import { createMappingBench, succeedAfter, TRANSITION_MS } from "./fakes/mapping-bench.ts";

test("a mapping uses all of its maximum concurrency", async () => {
  const bench = createMappingBench(succeedAfter(10_000), { maximumConcurrency: 7, batchSize: 1 });
  bench.queue.send(30);
  await bench.clock.advance(TRANSITION_MS + 5_000);
  expect(bench.mapping.stats()).toMatchObject({ batchesInFlight: 7, receivesUnderWay: 0 });
});

test("an idle mapping keeps five receives under way", async () => {
  const bench = createMappingBench(succeedAfter(10));
  await bench.clock.advance(TRANSITION_MS + 500);
  expect(bench.mapping.stats().receivesUnderWay).toBe(5);
});

test("a queue that is down for 30 s is asked with growing pauses, and polled again afterwards", async () => {
  const bench = createMappingBench(succeedAfter(10), { maximumConcurrency: 2 });
  bench.queue.breakDown("receive", true);
  bench.queue.send(3);
  await bench.clock.advance(TRANSITION_MS + 30_000);
  const { receiveErrors } = bench.mapping.stats();
  expect(receiveErrors).toBeGreaterThan(10);
  expect(receiveErrors).toBeLessThan(30);
  bench.queue.breakDown("receive", false);
  await bench.clock.advance(6_000);
  expect(bench.queue.remaining()).toEqual([]);
});

test("a mapping is idle when nothing runs and the queue was empty when last asked", async () => {
  const bench = createMappingBench(succeedAfter(10_000));
  bench.queue.send(1);
  await bench.clock.advance(TRANSITION_MS);
  let isIdle = false;
  void bench.mapping.whenIdle().then(() => {
    isIdle = true;
  });
  await bench.clock.advance(9_999);
  expect(isIdle).toBe(false);
  await bench.clock.advance(1_001);
  expect(isIdle).toBe(true);
  expect(bench.mapping.isIdle()).toBe(true);
});

test("stopping receives no more and waits for what runs, for as long as it may", async () => {
  const bench = createMappingBench(succeedAfter(10_000), { batchSize: 1, maximumConcurrency: 2 });
  bench.queue.send(5);
  await bench.clock.advance(TRANSITION_MS + 1_000);
  const impatient = bench.mapping.stop(2_000);
  await bench.clock.advance(2_000);
  expect(await impatient).toBe(false);
  const patient = bench.mapping.stop(60_000);
  await bench.clock.advance(10_000);
  expect(await patient).toBe(true);
  expect(bench.queue.remaining()).toEqual(["m3", "m4", "m5"]);
});
