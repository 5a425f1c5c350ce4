import { expect, test } from "vitest";
import {
  carriedOut,
  createMappingBench,
  errorOf,
  succeedAfter,
  TRANSITION_MS,
} from "./fakes/mapping-bench.ts";

const stateOf = (bench: ReturnType<typeof createMappingBench>) => bench.mapping.describe().state;

test("a mapping that is created enabled polls once it has been created", async () => {
  const bench = createMappingBench(succeedAfter(10));
  bench.queue.send(1);
  await bench.clock.advance(TRANSITION_MS - 1);
  expect(stateOf(bench)).toBe("Creating");
  expect(bench.queue.receives).toEqual([]);
  await bench.clock.advance(1);
  expect(stateOf(bench)).toBe("Enabled");
  expect(bench.batches).toEqual([["m1"]]);
});

test("a mapping that is created disabled is so at once, and polls nothing", async () => {
  const bench = createMappingBench(succeedAfter(10), { isEnabled: false });
  bench.queue.send(1);
  expect(stateOf(bench)).toBe("Disabled");
  await bench.clock.advance(60_000);
  expect(bench.queue.receives).toEqual([]);
  expect(bench.mapping.isIdle()).toBe(true);
});

test.each([
  [{ isEnabled: false }, "Disabling", "Disabled"],
  [{ batchSize: 3 }, "Updating", "Enabled"],
])("an update of %j is %s, refuses others until it ends, and leaves it %s", async (change, during, after) => {
  const bench = createMappingBench(succeedAfter(10));
  await bench.clock.advance(TRANSITION_MS);
  expect(carriedOut(bench.mapping.update(change)).state).toBe(during);
  await bench.clock.advance(TRANSITION_MS - 1);
  expect(errorOf(bench.mapping.update({ batchSize: 5 }))).toBe("ResourceInUseException");
  expect(errorOf(bench.mapping.remove())).toBe("ResourceInUseException");
  await bench.clock.advance(1);
  expect(stateOf(bench)).toBe(after);
  expect(errorOf(bench.mapping.update({ batchSize: 5 }))).toBeUndefined();
});

test("the old settings stay in force until the transition has ended", async () => {
  const bench = createMappingBench(succeedAfter(10), { batchSize: 10 });
  await bench.clock.advance(TRANSITION_MS);
  expect(carriedOut(bench.mapping.update({ batchSize: 2 })).settings.batchSize).toBe(2);
  // Long enough for the receives that were under way at the update to end.
  await bench.clock.advance(1_500);
  bench.queue.send(4);
  await bench.clock.advance(TRANSITION_MS);
  bench.queue.send(4);
  await bench.clock.advance(3_000);
  expect(bench.batches.map((batch) => batch.length)).toEqual([4, 2, 2]);
});

test("what was received before a mapping is disabled is still worked on", async () => {
  const bench = createMappingBench(succeedAfter(20_000), { batchSize: 1, maximumConcurrency: 2 });
  await bench.clock.advance(TRANSITION_MS);
  carriedOut(bench.mapping.update({ isEnabled: false }));
  bench.queue.send(3);
  await bench.clock.advance(TRANSITION_MS);
  expect(stateOf(bench)).toBe("Disabled");
  expect(bench.mapping.stats().batchesInFlight).toBe(2);
  await bench.clock.advance(60_000);
  expect(bench.queue.remaining()).toEqual(["m3"]);
});

test("a deleted mapping polls no more and is gone after its transition", async () => {
  const bench = createMappingBench(succeedAfter(10));
  await bench.clock.advance(TRANSITION_MS);
  expect(carriedOut(bench.mapping.remove()).state).toBe("Deleting");
  await bench.clock.advance(TRANSITION_MS);
  expect(bench.mapping.isDeleted()).toBe(true);
  bench.queue.send(1);
  await bench.clock.advance(60_000);
  expect(bench.batches).toEqual([]);
});

test.each([
  [{ batchSize: 0 }],
  [{ batchSize: 11 }],
  [{ batchSize: 1.5 }],
  [{ maximumConcurrency: 1 }],
  [{ maximumConcurrency: 1_001 }],
])("%j is refused and changes nothing", async (change) => {
  const bench = createMappingBench(succeedAfter(10));
  await bench.clock.advance(TRANSITION_MS);
  expect(errorOf(bench.mapping.update(change))).toBe("InvalidParameterValueException");
  expect(bench.mapping.describe()).toMatchObject({
    state: "Enabled",
    settings: { batchSize: 10, maximumConcurrency: null },
  });
});

test("a function that outlives the visibility makes every update fail, also the one that would disable it", async () => {
  let timeoutMs = 30_000;
  const bench = createMappingBench(succeedAfter(10), {}, { functionTimeoutMs: () => timeoutMs });
  await bench.clock.advance(TRANSITION_MS);
  timeoutMs = 300_000;
  expect(bench.mapping.update({ isEnabled: false })).toEqual({
    kind: "refused",
    error: "InvalidParameterValueException",
    message: "Queue visibility timeout: 30 seconds is less than Function timeout: 300 seconds",
  });
});
