import { expect, test } from "vitest";
import { createMappingHarness, succeedAfter, TRANSITION_MS } from "./fakes/mapping-harness.ts";

test("a mapping uses all of its maximum concurrency", async () => {
  const harness = createMappingHarness(succeedAfter(10_000), { maximumConcurrency: 7, batchSize: 1 });
  harness.queue.send(30);
  await harness.clock.advance(TRANSITION_MS + 5_000);
  expect(harness.mapping.stats()).toMatchObject({ batchesInFlight: 7, receivesUnderWay: 0 });
});

test("an idle mapping keeps five receives under way", async () => {
  const harness = createMappingHarness(succeedAfter(10));
  await harness.clock.advance(TRANSITION_MS + 500);
  expect(harness.mapping.stats().receivesUnderWay).toBe(5);
});

test("a queue that is down for 30 s is asked with growing pauses, and polled again afterwards", async () => {
  const harness = createMappingHarness(succeedAfter(10), { maximumConcurrency: 2 });
  harness.queue.breakDown("receive", true);
  harness.queue.send(3);
  await harness.clock.advance(TRANSITION_MS + 30_000);
  const { receiveErrors } = harness.mapping.stats();
  expect(receiveErrors).toBeGreaterThan(10);
  expect(receiveErrors).toBeLessThan(30);
  harness.queue.breakDown("receive", false);
  await harness.clock.advance(6_000);
  expect(harness.queue.remaining()).toEqual([]);
});

test("a mapping is idle when nothing runs and the queue was empty when last asked", async () => {
  const harness = createMappingHarness(succeedAfter(10_000));
  harness.queue.send(1);
  await harness.clock.advance(TRANSITION_MS);
  let isIdle = false;
  void harness.mapping.whenIdle().then(() => {
    isIdle = true;
  });
  await harness.clock.advance(9_999);
  expect(isIdle).toBe(false);
  await harness.clock.advance(1_001);
  expect(isIdle).toBe(true);
  expect(harness.mapping.isIdle()).toBe(true);
});

test("stopping receives no more and waits for what runs, for as long as it may", async () => {
  const harness = createMappingHarness(succeedAfter(10_000), { batchSize: 1, maximumConcurrency: 2 });
  harness.queue.send(5);
  await harness.clock.advance(TRANSITION_MS + 1_000);
  const impatient = harness.mapping.stop(2_000);
  await harness.clock.advance(2_000);
  expect(await impatient).toBe(false);
  const patient = harness.mapping.stop(60_000);
  await harness.clock.advance(10_000);
  expect(await patient).toBe(true);
  expect(harness.queue.remaining()).toEqual(["m3", "m4", "m5"]);
});
