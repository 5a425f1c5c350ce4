import { describe, expect, test } from "vitest";
import { answered, CONFIG, createLawHarness, type LawHarness } from "./fakes/law-harness.ts";
import { sluiceLaw } from "./sluice-law.ts";

/** A provider that has been well for long enough that what is usual is known. */
function wellFor(minutes: number, config = CONFIG): LawHarness {
  const harness = createLawHarness(config);
  harness.live(minutes * 12, 5_000, () => answered(60));
  return harness;
}

/** Lets an outage be seen, and everything be answered again by the first probe. */
function tripAndClose(harness: LawHarness): void {
  for (let tries = 0; tries < 10 && harness.state().phase === "closed"; tries += 1)
    harness.report({ faultCount: 10 });
  expect(harness.state().phase).toBe("open");
  harness.wait(15 * CONFIG.paceMs);
  harness.wake();
  harness.report(answered(1));
}

describe("when nothing is wrong", () => {
  test("nothing is decided, however widely latencies spread", () => {
    const harness = createLawHarness();
    // Means of windows scatter as those of a log-normal with sigma 2 do.
    const scatter = (index: number) => 1_000 * Math.exp(2 * Math.sin(index * 1.7) * (1 / Math.sqrt(30)));
    harness.live(2_000, 3_000, (_, index) => answered(30, scatter(index), 2));
    expect(harness.decisions).toEqual([]);
  });

  test("a few faults are no trouble", () => {
    const harness = createLawHarness();
    harness.live(1_000, 3_000, (_, index) => ({ ...answered(100), faultCount: index % 2 }));
    expect(harness.decisions).toEqual([]);
  });
});

describe("an outage", () => {
  test("that answers fast trips after a handful of faults, from full flow", () => {
    const harness = wellFor(60);
    harness.live(4, 300, () => ({ faultCount: 4 }));
    expect(harness.state()).toMatchObject({ phase: "open", rampTo: 20 });
  });

  test("that hangs trips a provider of one call at a time after two timeouts", () => {
    const config = { ...CONFIG, maxConcurrency: 1, timeoutMs: 70_000 };
    const harness = wellFor(60, config);
    harness.live(2, 70_000, () => ({ faultCount: 1, timeoutCount: 1 }));
    expect(harness.state().phase).toBe("open");
  });

  test("is not what throttled calls show", () => {
    const harness = wellFor(10);
    harness.live(5, 300, () => ({ throttledCount: 40 }));
    expect(harness.state().phase).toBe("closed");
    expect(harness.state().limit).toBeLessThanOrEqual(5);
  });

  test("is at the bottom when not even one call at a time is welcome", () => {
    const harness = createLawHarness({ ...CONFIG, maxConcurrency: 1 });
    harness.live(3, 1_000, () => ({ throttledCount: 5 }));
    expect(harness.decisions.at(-1)).toContain("tripped at the bottom: throttled");
  });

  test("is probed when it is due and not before, then at steady intervals", () => {
    const harness = wellFor(10);
    harness.live(4, 300, () => ({ faultCount: 6 }));
    harness.wait(1.4 * CONFIG.paceMs);
    harness.wake();
    expect(harness.state().phase).toBe("open");
    for (const waitMs of [0.2 * CONFIG.paceMs, 4 * CONFIG.paceMs, 4 * CONFIG.paceMs]) {
      harness.wait(waitMs);
      harness.wake();
      expect(harness.state()).toMatchObject({ phase: "half-open", limit: 1 });
      harness.report({ faultCount: 1 });
      expect(harness.state().phase).toBe("open");
    }
  });

  test("is over when a probe is answered: one call at a time, then doubling to where it was", () => {
    const harness = wellFor(10);
    tripAndClose(harness);
    const limits = [harness.state().limit];
    while (harness.state().limit < 20 && limits.length < 20) {
      harness.wait(3_000);
      harness.report(answered(20));
      limits.push(harness.state().limit);
    }
    expect(limits).toEqual([1, 2, 4, 8, 16, 20]);
  });

  test("a record that nobody knows shows that the provider answers", () => {
    const harness = wellFor(10);
    harness.live(4, 300, () => ({ faultCount: 6 }));
    harness.wait(2 * CONFIG.paceMs);
    harness.wake();
    harness.report({ rejectedCount: 1 });
    expect(harness.state()).toMatchObject({ phase: "closed", limit: 1 });
  });

  test("with an empty queue lets the next arrival be the probe", () => {
    const harness = wellFor(10);
    harness.live(4, 300, () => ({ faultCount: 6 }));
    harness.wait(2 * CONFIG.paceMs);
    harness.wake(true);
    expect(harness.state()).toMatchObject({ phase: "closed", limit: 1 });
    harness.report({ faultCount: 3 });
    expect(harness.state().phase).toBe("open");
  });

  test("a probe that never reports is made again when it must be dead", () => {
    const harness = wellFor(10);
    harness.live(4, 300, () => ({ faultCount: 6 }));
    harness.wait(2 * CONFIG.paceMs);
    harness.wake();
    const { epoch } = harness.state();
    harness.wait(CONFIG.timeoutMs);
    harness.wake();
    expect(harness.state().epoch).toBe(epoch);
    harness.wait(60_000);
    harness.wake();
    expect(harness.state()).toMatchObject({ phase: "half-open", epoch: epoch + 1 });
  });
});

describe("a relapse", () => {
  /** When the next probe is due, counted from now. */
  function probeInMs(harness: LawHarness): number {
    const state = harness.state();
    return state.phase === "open" ? state.probeAtMs - harness.nowMs() : Number.NaN;
  }

  test("lengthens the wait, a short recovery does not wipe that out, a long one does", () => {
    const harness = wellFor(10);
    const waits = [];
    for (let trips = 0; trips < 4; trips += 1) {
      for (let tries = 0; harness.state().phase === "closed" && tries < 20; tries += 1)
        harness.report({ faultCount: 6 });
      waits.push(probeInMs(harness) / CONFIG.paceMs);
      harness.wait(15 * CONFIG.paceMs);
      harness.wake();
      harness.report(answered(1));
    }
    expect(waits).toEqual([1.5, 3, 6, 12]);
    harness.live(1_000, 5_000, () => answered(60));
    harness.live(4, 300, () => ({ faultCount: 6 }));
    expect(probeInMs(harness) / CONFIG.paceMs).toBeCloseTo(1.5, 1);
  });

  test("after a step up makes the next steps small and slow, if it lasts", () => {
    const harness = wellFor(10);
    tripAndClose(harness);
    harness.live(2, 3_000, () => answered(20));
    expect(harness.state().limit).toBe(4);
    harness.report({ faultCount: 5 });
    expect(harness.state()).toMatchObject({ phase: "open", overreachCount: 1, rampTo: 1 });
    for (const outcome of [{ faultCount: 1 }, answered(1)]) {
      harness.wait(15 * CONFIG.paceMs);
      harness.wake();
      harness.report(outcome);
    }
    expect(harness.state()).toMatchObject({ phase: "closed", wantsSmallBatches: true });
    const steps: number[] = [];
    for (let seconds = 0; seconds < 600; seconds += 5) {
      harness.live(1, 5_000, () => answered(20));
      if (steps.at(-1) !== harness.state().limit) steps.push(harness.state().limit);
    }
    expect(steps.slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(harness.state().limit).toBeLessThanOrEqual(10);
    harness.live(2_000, 5_000, () => answered(20));
    expect(harness.state().limit).toBe(20);
    expect(harness.state()).not.toHaveProperty("wantsSmallBatches");
  });
});

describe("trouble that less load cures", () => {
  test("by refusals: cuts until it ends, and tries what was too much after a while only", () => {
    const capacity = 6;
    const harness = wellFor(10);
    harness.live(200, 1_000, (limit) =>
      limit > capacity ? { ...answered(5), throttledCount: 8 * (limit - capacity) } : answered(2 * limit),
    );
    expect(harness.state().phase).toBe("closed");
    expect(harness.state().limit).toBeGreaterThanOrEqual(capacity - 1);
    expect(harness.state().limit).toBeLessThanOrEqual(capacity + 1);
    const tests = harness.decisions.filter((text) => text.includes("undone")).length;
    expect(tests).toBeGreaterThan(0);
    expect(tests).toBeLessThan(8);
  });

  test("by longer calls: cuts at once to about what the provider gets done", () => {
    const capacity = 6;
    const harness = wellFor(60);
    const weather = (limit: number) => answered(3 * limit, 1_000 * Math.max(1, limit / capacity) ** 1.5);
    harness.live(40, 5_000, weather);
    expect(harness.decisions[0]).toContain("cut: latency");
    expect(harness.state().limit).toBeGreaterThanOrEqual(4);
    expect(harness.state().limit).toBeLessThanOrEqual(7);
  });

  test("the first calls of an epoch to end are short ones, and say nothing of latency", () => {
    const harness = wellFor(60);
    harness.report({ throttledCount: 6 });
    harness.live(3, 500, () => answered(100, 100));
    expect(harness.state().usual?.mean).toBeCloseTo(Math.log(1_000), 1);
  });
});

describe("trouble that less load does not cure", () => {
  test.each([0.1, 0.25])("faults of a share of %d: back at the whole limit, no trip", (share) => {
    const harness = wellFor(10);
    harness.live(600, 2_000, (limit) => ({
      ...answered(Math.round(limit * (1 - share))),
      faultCount: Math.round(limit * share),
    }));
    expect(harness.state()).toMatchObject({ phase: "closed", limit: 20 });
  });

  test("is forgotten when it is over: the same faults are trouble again later", () => {
    const harness = wellFor(10);
    harness.live(600, 2_000, (limit) => ({
      ...answered(Math.round(limit * 0.75)),
      faultCount: Math.round(limit * 0.25),
    }));
    expect(harness.state().backgroundShare).toBeGreaterThan(0.2);
    harness.live(600, 2_000, (limit) => answered(limit));
    expect(harness.state().backgroundShare).toBeLessThan(0.02);
  });

  test("calls five times as long: given in, and most of them above the slow threshold too", () => {
    const harness = wellFor(60);
    harness.live(400, 5_000, (limit) => {
      const { okCount: slowCount = 0, ...latencies } = answered(2 * limit, 5_500);
      return { ...latencies, slowCount };
    });
    expect(harness.state()).toMatchObject({ phase: "closed", limit: 20 });
    expect(harness.state().usual?.mean).toBeCloseTo(Math.log(5_500), 1);
  });

  test("records that always fail vote once each: no cut and no trip", () => {
    const harness = wellFor(10);
    harness.live(2_000, 2_000, (_, index) => ({
      ...answered(49),
      faultCount: index % 2,
      repeatFaultCount: 5,
    }));
    expect(harness.decisions).toEqual([]);
  });
});

test("a stored row keeps the names that running versions read and write", () => {
  const harness = wellFor(10);
  harness.report({ throttledCount: 6 });
  const stored = {
    ...harness.state(),
    ceiling: { limit: 10, untilMs: 480_000, heldForMs: 240_000, isByLatency: false },
    isUnsure: true,
  };
  const state = sluiceLaw.parse(stored);
  expect(state).toMatchObject({ ceiling: { keptForMs: 240_000 }, wantsSmallBatches: true });
  expect(sluiceLaw.toStored(state)).toEqual(stored);
});

describe("a limit that is not used", () => {
  test("does not grow", () => {
    const harness = wellFor(10);
    harness.report({ throttledCount: 6 });
    const { limit } = harness.state();
    for (let minutes = 0; minutes < 60; minutes += 1) {
      harness.wait(60_000);
      harness.report(answered(5), { inFlightCount: 1 });
    }
    expect(harness.state().limit).toBe(limit);
  });
});
