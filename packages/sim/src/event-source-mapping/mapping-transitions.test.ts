import { expect, test } from "vitest";
import {
  carriedOut,
  createMappingHarness,
  errorOf,
  succeedAfter,
  TRANSITION_MS,
} from "./fakes/mapping-harness.ts";

const stateOf = (harness: ReturnType<typeof createMappingHarness>) => harness.mapping.describe().state;

test("a mapping that is created enabled polls once it has been created", async () => {
  const harness = createMappingHarness(succeedAfter(10));
  harness.queue.send(1);
  await harness.clock.advance(TRANSITION_MS - 1);
  expect(stateOf(harness)).toBe("Creating");
  expect(harness.queue.receives).toEqual([]);
  await harness.clock.advance(1);
  expect(stateOf(harness)).toBe("Enabled");
  expect(harness.batches).toEqual([["m1"]]);
});

test("a mapping that is created disabled is so at once, and polls nothing", async () => {
  const harness = createMappingHarness(succeedAfter(10), { isEnabled: false });
  harness.queue.send(1);
  expect(stateOf(harness)).toBe("Disabled");
  await harness.clock.advance(60_000);
  expect(harness.queue.receives).toEqual([]);
  expect(harness.mapping.isIdle()).toBe(true);
});

test.each([
  [{ isEnabled: false }, "Disabling", "Disabled"],
  [{ batchSize: 3 }, "Updating", "Enabled"],
])("an update of %j is %s, refuses others until it ends, and leaves it %s", async (change, during, after) => {
  const harness = createMappingHarness(succeedAfter(10));
  await harness.clock.advance(TRANSITION_MS);
  expect(carriedOut(harness.mapping.update(change)).state).toBe(during);
  await harness.clock.advance(TRANSITION_MS - 1);
  expect(errorOf(harness.mapping.update({ batchSize: 5 }))).toBe("ResourceInUseException");
  expect(errorOf(harness.mapping.remove())).toBe("ResourceInUseException");
  await harness.clock.advance(1);
  expect(stateOf(harness)).toBe(after);
  expect(errorOf(harness.mapping.update({ batchSize: 5 }))).toBeUndefined();
});

test("the old settings stay in force until the transition has ended", async () => {
  const harness = createMappingHarness(succeedAfter(10), { batchSize: 10 });
  await harness.clock.advance(TRANSITION_MS);
  expect(carriedOut(harness.mapping.update({ batchSize: 2 })).settings.batchSize).toBe(2);
  // Long enough for the receives that were under way at the update to end.
  await harness.clock.advance(1_500);
  harness.queue.send(4);
  await harness.clock.advance(TRANSITION_MS);
  harness.queue.send(4);
  await harness.clock.advance(3_000);
  expect(harness.batches.map((batch) => batch.length)).toEqual([4, 2, 2]);
});

test("what was received before a mapping is disabled is still worked on", async () => {
  const harness = createMappingHarness(succeedAfter(20_000), { batchSize: 1, maximumConcurrency: 2 });
  await harness.clock.advance(TRANSITION_MS);
  carriedOut(harness.mapping.update({ isEnabled: false }));
  harness.queue.send(3);
  await harness.clock.advance(TRANSITION_MS);
  expect(stateOf(harness)).toBe("Disabled");
  expect(harness.mapping.stats().batchesInFlight).toBe(2);
  await harness.clock.advance(60_000);
  expect(harness.queue.remaining()).toEqual(["m3"]);
});

test("a deleted mapping polls no more and is gone after its transition", async () => {
  const harness = createMappingHarness(succeedAfter(10));
  await harness.clock.advance(TRANSITION_MS);
  expect(carriedOut(harness.mapping.remove()).state).toBe("Deleting");
  await harness.clock.advance(TRANSITION_MS);
  expect(harness.mapping.isDeleted()).toBe(true);
  harness.queue.send(1);
  await harness.clock.advance(60_000);
  expect(harness.batches).toEqual([]);
});

test.each([
  [{ batchSize: 0 }],
  [{ batchSize: 11 }],
  [{ batchSize: 1.5 }],
  [{ maximumConcurrency: 1 }],
  [{ maximumConcurrency: 1_001 }],
])("%j is refused and changes nothing", async (change) => {
  const harness = createMappingHarness(succeedAfter(10));
  await harness.clock.advance(TRANSITION_MS);
  expect(errorOf(harness.mapping.update(change))).toBe("InvalidParameterValueException");
  expect(harness.mapping.describe()).toMatchObject({
    state: "Enabled",
    settings: { batchSize: 10, maximumConcurrency: null },
  });
});

test("a function that outlives the visibility makes every update fail, also the one that would disable it", async () => {
  let timeoutMs = 30_000;
  const harness = createMappingHarness(succeedAfter(10), {}, { functionTimeoutMs: () => timeoutMs });
  await harness.clock.advance(TRANSITION_MS);
  timeoutMs = 300_000;
  expect(harness.mapping.update({ isEnabled: false })).toEqual({
    kind: "refused",
    error: "InvalidParameterValueException",
    message: "Queue visibility timeout: 30 seconds is less than Function timeout: 300 seconds",
  });
});
