import { describe, expect, test } from "vitest";
import { answered, CONFIG, createPlant, type Plant } from "./fakes/plant.ts";

/** A provider that has been well for long enough that what is usual is known. */
function wellFor(minutes: number, config = CONFIG): Plant {
  const plant = createPlant(config);
  plant.live(minutes * 12, 5_000, () => answered(60));
  return plant;
}

/** Lets an outage be seen, and everything be answered again by the first probe. */
function tripAndClose(plant: Plant): void {
  for (let tries = 0; tries < 10 && plant.state().phase === "closed"; tries += 1)
    plant.report({ faultCount: 10 });
  expect(plant.state().phase).toBe("open");
  plant.wait(15 * CONFIG.paceMs);
  plant.wake();
  plant.report(answered(1));
}

describe("when nothing is wrong", () => {
  test("nothing is decided, however widely latencies spread", () => {
    const plant = createPlant();
    // Means of windows scatter as those of a log-normal with sigma 2 do.
    const scatter = (index: number) => 1_000 * Math.exp(2 * Math.sin(index * 1.7) * (1 / Math.sqrt(30)));
    plant.live(2_000, 3_000, (_, index) => answered(30, scatter(index), 2));
    expect(plant.decisions).toEqual([]);
  });

  test("a few faults are no trouble", () => {
    const plant = createPlant();
    plant.live(1_000, 3_000, (_, index) => ({ ...answered(100), faultCount: index % 2 }));
    expect(plant.decisions).toEqual([]);
  });
});

describe("an outage", () => {
  test("that answers fast trips after a handful of faults, from full flow", () => {
    const plant = wellFor(60);
    plant.live(4, 300, () => ({ faultCount: 4 }));
    expect(plant.state()).toMatchObject({ phase: "open", rampTo: 20 });
  });

  test("that hangs trips a provider of one call at a time after two timeouts", () => {
    const config = { ...CONFIG, maxConcurrency: 1, timeoutMs: 70_000 };
    const plant = wellFor(60, config);
    plant.live(2, 70_000, () => ({ faultCount: 1, timeoutCount: 1 }));
    expect(plant.state().phase).toBe("open");
  });

  test("is not what throttled calls show", () => {
    const plant = wellFor(10);
    plant.live(5, 300, () => ({ throttledCount: 40 }));
    expect(plant.state().phase).toBe("closed");
    expect(plant.state().limit).toBeLessThanOrEqual(5);
  });

  test("is at the bottom when not even one call at a time is welcome", () => {
    const plant = createPlant({ ...CONFIG, maxConcurrency: 1 });
    plant.live(3, 1_000, () => ({ throttledCount: 5 }));
    expect(plant.decisions.at(-1)).toContain("tripped at the bottom: throttled");
  });

  test("is probed when it is due and not before, then at steady intervals", () => {
    const plant = wellFor(10);
    plant.live(4, 300, () => ({ faultCount: 6 }));
    plant.wait(1.4 * CONFIG.paceMs);
    plant.wake();
    expect(plant.state().phase).toBe("open");
    for (const waitMs of [0.2 * CONFIG.paceMs, 4 * CONFIG.paceMs, 4 * CONFIG.paceMs]) {
      plant.wait(waitMs);
      plant.wake();
      expect(plant.state()).toMatchObject({ phase: "half-open", limit: 1 });
      plant.report({ faultCount: 1 });
      expect(plant.state().phase).toBe("open");
    }
  });

  test("is over when a probe is answered: one call at a time, then doubling to where it was", () => {
    const plant = wellFor(10);
    tripAndClose(plant);
    const limits = [plant.state().limit];
    while (plant.state().limit < 20 && limits.length < 20) {
      plant.wait(3_000);
      plant.report(answered(20));
      limits.push(plant.state().limit);
    }
    expect(limits).toEqual([1, 2, 4, 8, 16, 20]);
  });

  test("a record that nobody knows shows that the provider answers", () => {
    const plant = wellFor(10);
    plant.live(4, 300, () => ({ faultCount: 6 }));
    plant.wait(2 * CONFIG.paceMs);
    plant.wake();
    plant.report({ rejectedCount: 1 });
    expect(plant.state()).toMatchObject({ phase: "closed", limit: 1 });
  });

  test("with an empty queue lets the next arrival be the probe", () => {
    const plant = wellFor(10);
    plant.live(4, 300, () => ({ faultCount: 6 }));
    plant.wait(2 * CONFIG.paceMs);
    plant.wake(true);
    expect(plant.state()).toMatchObject({ phase: "closed", limit: 1 });
    plant.report({ faultCount: 3 });
    expect(plant.state().phase).toBe("open");
  });

  test("a probe that never reports is made again when it must be dead", () => {
    const plant = wellFor(10);
    plant.live(4, 300, () => ({ faultCount: 6 }));
    plant.wait(2 * CONFIG.paceMs);
    plant.wake();
    const { epoch } = plant.state();
    plant.wait(CONFIG.timeoutMs);
    plant.wake();
    expect(plant.state().epoch).toBe(epoch);
    plant.wait(60_000);
    plant.wake();
    expect(plant.state()).toMatchObject({ phase: "half-open", epoch: epoch + 1 });
  });
});

describe("a relapse", () => {
  /** When the next probe is due, counted from now. */
  function probeInMs(plant: Plant): number {
    const state = plant.state();
    return state.phase === "open" ? state.probeAtMs - plant.nowMs() : Number.NaN;
  }

  test("lengthens the wait, a short recovery does not wipe that out, a long one does", () => {
    const plant = wellFor(10);
    const waits = [];
    for (let trips = 0; trips < 4; trips += 1) {
      for (let tries = 0; plant.state().phase === "closed" && tries < 20; tries += 1)
        plant.report({ faultCount: 6 });
      waits.push(probeInMs(plant) / CONFIG.paceMs);
      plant.wait(15 * CONFIG.paceMs);
      plant.wake();
      plant.report(answered(1));
    }
    expect(waits).toEqual([1.5, 3, 6, 12]);
    plant.live(1_000, 5_000, () => answered(60));
    plant.live(4, 300, () => ({ faultCount: 6 }));
    expect(probeInMs(plant) / CONFIG.paceMs).toBeCloseTo(1.5, 1);
  });

  test("after a step up makes the next steps small and slow, if it lasts", () => {
    const plant = wellFor(10);
    tripAndClose(plant);
    plant.live(2, 3_000, () => answered(20));
    expect(plant.state().limit).toBe(4);
    plant.report({ faultCount: 5 });
    expect(plant.state()).toMatchObject({ phase: "open", overreachCount: 1, rampTo: 1 });
    for (const outcome of [{ faultCount: 1 }, answered(1)]) {
      plant.wait(15 * CONFIG.paceMs);
      plant.wake();
      plant.report(outcome);
    }
    expect(plant.state()).toMatchObject({ phase: "closed", isUnsure: true });
    const steps: number[] = [];
    for (let seconds = 0; seconds < 600; seconds += 5) {
      plant.live(1, 5_000, () => answered(20));
      if (steps.at(-1) !== plant.state().limit) steps.push(plant.state().limit);
    }
    expect(steps.slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(plant.state().limit).toBeLessThanOrEqual(10);
    plant.live(2_000, 5_000, () => answered(20));
    expect(plant.state().limit).toBe(20);
    expect(plant.state()).not.toHaveProperty("isUnsure");
  });
});

describe("trouble that less load cures", () => {
  test("by refusals: cuts until it ends, and tries what was too much after a while only", () => {
    const capacity = 6;
    const plant = wellFor(10);
    plant.live(200, 1_000, (limit) =>
      limit > capacity ? { ...answered(5), throttledCount: 8 * (limit - capacity) } : answered(2 * limit),
    );
    expect(plant.state().phase).toBe("closed");
    expect(plant.state().limit).toBeGreaterThanOrEqual(capacity - 1);
    expect(plant.state().limit).toBeLessThanOrEqual(capacity + 1);
    const tests = plant.decisions.filter((text) => text.includes("undone")).length;
    expect(tests).toBeGreaterThan(0);
    expect(tests).toBeLessThan(8);
  });

  test("by longer calls: cuts at once to about what the provider gets done", () => {
    const capacity = 6;
    const plant = wellFor(60);
    const weather = (limit: number) => answered(3 * limit, 1_000 * Math.max(1, limit / capacity) ** 1.5);
    plant.live(40, 5_000, weather);
    expect(plant.decisions[0]).toContain("cut: latency");
    expect(plant.state().limit).toBeGreaterThanOrEqual(4);
    expect(plant.state().limit).toBeLessThanOrEqual(7);
  });

  test("the first calls of an epoch to end are short ones, and say nothing of latency", () => {
    const plant = wellFor(60);
    plant.report({ throttledCount: 6 });
    plant.live(3, 500, () => answered(100, 100));
    expect(plant.state().usual?.mean).toBeCloseTo(Math.log(1_000), 1);
  });
});

describe("trouble that less load does not cure", () => {
  test.each([0.1, 0.25])("faults of a share of %d: back at the whole limit, no trip", (share) => {
    const plant = wellFor(10);
    plant.live(600, 2_000, (limit) => ({
      ...answered(Math.round(limit * (1 - share))),
      faultCount: Math.round(limit * share),
    }));
    expect(plant.state()).toMatchObject({ phase: "closed", limit: 20 });
  });

  test("is forgotten when it is over: the same faults are trouble again later", () => {
    const plant = wellFor(10);
    plant.live(600, 2_000, (limit) => ({
      ...answered(Math.round(limit * 0.75)),
      faultCount: Math.round(limit * 0.25),
    }));
    expect(plant.state().backgroundShare).toBeGreaterThan(0.2);
    plant.live(600, 2_000, (limit) => answered(limit));
    expect(plant.state().backgroundShare).toBeLessThan(0.02);
  });

  test("calls five times as long: given in, and most of them above the slow threshold too", () => {
    const plant = wellFor(60);
    plant.live(400, 5_000, (limit) => {
      const { okCount: slowCount = 0, ...latencies } = answered(2 * limit, 5_500);
      return { ...latencies, slowCount };
    });
    expect(plant.state()).toMatchObject({ phase: "closed", limit: 20 });
    expect(plant.state().usual?.mean).toBeCloseTo(Math.log(5_500), 1);
  });

  test("records that always fail vote once each: no cut and no trip", () => {
    const plant = wellFor(10);
    plant.live(2_000, 2_000, (_, index) => ({
      ...answered(49),
      faultCount: index % 2,
      repeatFaultCount: 5,
    }));
    expect(plant.decisions).toEqual([]);
  });
});

describe("a limit that is not used", () => {
  test("does not grow", () => {
    const plant = wellFor(10);
    plant.report({ throttledCount: 6 });
    const { limit } = plant.state();
    for (let minutes = 0; minutes < 60; minutes += 1) {
      plant.wait(60_000);
      plant.report(answered(5), { inFlightCount: 1 });
    }
    expect(plant.state().limit).toBe(limit);
  });
});
