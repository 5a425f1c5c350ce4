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

test("Lambda disables a mapping at once, in the middle of a transition too, and leaves it to others to enable it", async () => {
  const harness = createMappingHarness(succeedAfter(10));
  await harness.clock.advance(TRANSITION_MS);
  carriedOut(harness.mapping.update({ batchSize: 3 }));
  harness.mapping.disableByLambda();
  expect(harness.mapping.describe()).toMatchObject({
    state: "Disabled",
    stateTransitionReason: "LAMBDA_INITIATED",
    settings: { isEnabled: false, batchSize: 3 },
  });
  await harness.clock.advance(1_000);
  expect(carriedOut(harness.mapping.update({ isEnabled: true }))).toMatchObject({
    state: "Enabling",
    stateTransitionReason: "USER_INITIATED",
  });
  // The end of the transition that was cut short ends no other one.
  await harness.clock.advance(TRANSITION_MS - 1);
  expect(stateOf(harness)).toBe("Enabling");
  await harness.clock.advance(1);
  harness.queue.send(1);
  await harness.clock.advance(60_000);
  expect(harness.batches).toEqual([["m1"]]);
});

test("a mapping that is being deleted goes, whatever Lambda makes of it", async () => {
  const harness = createMappingHarness(succeedAfter(10));
  await harness.clock.advance(TRANSITION_MS);
  carriedOut(harness.mapping.remove());
  harness.mapping.disableByLambda();
  expect(stateOf(harness)).toBe("Deleting");
  await harness.clock.advance(TRANSITION_MS);
  expect(harness.mapping.isDeleted()).toBe(true);
});

test("pollers learn of a change later than the state tells of it", async () => {
  const LAG_MS = 10_000;
  const harness = createMappingHarness(succeedAfter(10), {}, { pollersLagMs: () => LAG_MS });
  await harness.clock.advance(TRANSITION_MS);
  harness.queue.send(1);
  await harness.clock.advance(LAG_MS - 1);
  expect([stateOf(harness), harness.batches.length]).toEqual(["Enabled", 0]);
  await harness.clock.advance(1);
  expect(harness.batches).toEqual([["m1"]]);
  carriedOut(harness.mapping.update({ isEnabled: false }));
  await harness.clock.advance(TRANSITION_MS);
  harness.queue.send(1);
  await harness.clock.advance(LAG_MS);
  expect([stateOf(harness), harness.batches.length]).toEqual(["Disabled", 2]);
  harness.queue.send(1);
  await harness.clock.advance(60_000);
  expect(harness.batches).toHaveLength(2);
});

test.each([
  [{ batchSize: 0 }, "ValidationException"],
  [{ batchSize: 11 }, "InvalidParameterValueException"],
  [{ batchSize: 10_001 }, "ValidationException"],
  [{ batchSize: 1.5 }, "ValidationException"],
  [{ maximumConcurrency: 1 }, "ValidationException"],
  [{ maximumConcurrency: 1_001 }, "ValidationException"],
])("%j is refused and changes nothing", async (change, error) => {
  const harness = createMappingHarness(succeedAfter(10));
  await harness.clock.advance(TRANSITION_MS);
  expect(errorOf(harness.mapping.update(change))).toBe(error);
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
