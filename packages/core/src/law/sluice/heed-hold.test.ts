import { describe, expect, test } from "vitest";
import type { Evidence } from "../evidence.ts";
import { answered, CONFIG, createLawHarness, type LawHarness } from "./fakes/law-harness.ts";
import type { Ceiling } from "./state.ts";

const MINUTE_MS = 60_000;

const refused = (holdMs: number, count = 1): Partial<Evidence> => ({
  throttledCount: count,
  heldCount: count,
  heldSumMs: count * holdMs,
});

/** A provider that refuses each call beyond its capacity with a hold, and is asked again when it is over. */
function liveAtCapacity(harness: LawHarness, capacity: number, holdMs: number, minutes: number) {
  const endMs = harness.nowMs() + minutes * MINUTE_MS;
  let heldMs = 0;
  while (harness.nowMs() < endMs) {
    const { limit } = harness.state();
    if (limit <= capacity) harness.live(1, 1_000, () => answered(limit));
    else {
      harness.report({ ...answered(capacity), ...refused(holdMs, limit - capacity) });
      harness.wait(holdMs);
      heldMs += holdMs;
    }
  }
  return { heldShare: heldMs / (minutes * MINUTE_MS) };
}

function ceilingOf(harness: LawHarness): Ceiling {
  const state = harness.state();
  if (state.phase !== "closed" || state.ceiling === undefined) throw new TypeError("there is no ceiling");
  return state.ceiling;
}

describe("one refusal among many answers", () => {
  test("that brought a hold cuts at once", () => {
    const harness = createLawHarness();
    harness.report({ ...answered(200), ...refused(30_000) });
    expect(harness.decisions).toEqual([
      "cut: refused with a hold (refused 1, holdSeconds 30): limit 20 → limit 10",
    ]);
  });

  test("without a hold does not", () => {
    const harness = createLawHarness();
    harness.report({ ...answered(200), throttledCount: 1 });
    expect(harness.decisions).toEqual([]);
  });

  test("cuts by less for a short hold, and by one step from a limit that was well for longer than the hold", () => {
    const short = createLawHarness();
    short.report(refused(2_000));
    expect(short.state().limit).toBe(13);
    const long = createLawHarness();
    long.live(720, 5_000, () => answered(60));
    long.report(refused(5 * MINUTE_MS));
    expect(long.state().limit).toBe(18);
  });

  test("undoes a step up that met it", () => {
    const harness = createLawHarness();
    harness.report(refused(30_000));
    while (harness.state().limit === 10) harness.live(1, 1_000, () => answered(20));
    harness.report({ ...answered(200), ...refused(30_000) });
    expect(harness.state().limit).toBe(10);
    expect(harness.decisions.at(-1)).toContain("step up undone: refused with a hold");
  });
});

test("refusals that were in flight together are one piece of news", () => {
  const harness = createLawHarness();
  const { epoch } = harness.state();
  harness.report(refused(30_000, 3));
  harness.report(refused(30_000, 7), { epoch });
  expect(harness.state().limit).toBe(10);
});

test("holds of which no refusal is news are none: another version has cleared the rest of a shard", () => {
  const harness = createLawHarness();
  harness.report({ ...answered(20), heldCount: 2, heldSumMs: 60_000 });
  expect(harness.decisions).toEqual([]);
});

test("at limit 1 there is nothing to cut, and a few refusals do not trip", () => {
  const harness = createLawHarness({ ...CONFIG, maxConcurrency: 1 });
  harness.report(refused(30_000));
  expect(harness.decisions).toEqual([]);
});

describe("the level that brought a hold", () => {
  test.each([1_000, 30_000, 300_000])(
    "of %i ms is banned for at least ten, and longer when met again",
    (holdMs) => {
      const harness = createLawHarness();
      const bansMs: number[] = [];
      for (let times = 0; times < 3; times += 1) {
        while (harness.state().limit < 20) harness.live(1, 5_000, () => answered(40));
        harness.report(refused(holdMs));
        bansMs.push(ceilingOf(harness).keptForMs);
        expect(ceilingOf(harness).untilMs - harness.nowMs()).toBe(bansMs.at(-1));
      }
      const [first = 0, second = 0, third = 0] = bansMs;
      expect(first).toBeGreaterThanOrEqual(10 * holdMs);
      expect(second).toBe(2 * first);
      expect(third).toBeGreaterThanOrEqual(second);
    },
  );

  test("is not tried while it is banned", () => {
    const harness = createLawHarness();
    harness.report(refused(30_000));
    while (harness.nowMs() < ceilingOf(harness).untilMs - 1_000) {
      harness.live(1, 1_000, () => answered(40));
      expect(harness.state().limit).toBeLessThan(20);
    }
    expect(harness.state().limit).toBe(19);
  });
});

describe("a capacity below X", () => {
  test.each([
    [11, 2_000],
    [16, 10_000],
    [13, 30_000],
    [16, 60_000],
    [19, 300_000],
  ])("of %i of 20, holds of %i ms: is found, at a tenth of the time", (capacity, holdMs) => {
    const harness = createLawHarness();
    const { heldShare } = liveAtCapacity(harness, capacity, holdMs, (50 * holdMs) / MINUTE_MS + 10);
    expect(heldShare).toBeLessThan(0.1);
    expect(harness.state().limit).toBeLessThanOrEqual(capacity);
    expect(harness.state().limit).toBeGreaterThanOrEqual(0.85 * capacity);
  });

  test("that ends: the whole limit is back", () => {
    const harness = createLawHarness();
    liveAtCapacity(harness, 8, 5_000, 20);
    harness.live(600, 2_000, () => answered(40));
    expect(harness.state().limit).toBe(20);
  });
});

test("a step up is believed when it was in full use for as long as the hold it risks", () => {
  const harness = createLawHarness();
  harness.report(refused(60_000));
  while (harness.state().limit === 10) harness.live(1, 1_000, () => answered(20));
  const { limit } = harness.state();
  for (let seconds = 0; seconds < 100; seconds += 1) {
    harness.wait(1_000);
    harness.report(answered(20), { inFlightCount: limit - 1 });
  }
  expect(harness.state()).toMatchObject({ limit, test: { from: 10 } });
  harness.report(answered(20));
  expect(harness.state()).not.toMatchObject({ test: { from: 10 } });
});
