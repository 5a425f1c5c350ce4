import { describe, expect, test } from "vitest";
import { controlOf } from "../control.ts";
import type { Evidence } from "../evidence.ts";
import { answered, CONFIG, createLawHarness, type LawHarness } from "./fakes/law-harness.ts";
import { sluiceLaw } from "./sluice-law.ts";
import type { SluiceState } from "./state.ts";

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
  harness.probeDue();
  harness.report(answered(1));
}

/** Lets a ramp arrive. */
function rampTo(limit: number, harness: LawHarness): void {
  for (let tries = 0; tries < 20 && harness.state().limit < limit; tries += 1) {
    harness.wait(1_000);
    harness.report(answered(20));
  }
  expect(harness.state().limit).toBe(limit);
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

  test("that hangs takes as many faults to be seen as one that answers fast", () => {
    const config = { ...CONFIG, maxConcurrency: 1, timeoutMs: 70_000 };
    const harness = wellFor(60, config);
    const timeout = () => ({ faultCount: 1, timeoutCount: 1 });
    harness.live(9, 70_000, timeout);
    expect(harness.state().phase).toBe("closed");
    harness.live(1, 70_000, timeout);
    expect(harness.state().phase).toBe("open");
  });

  describe("that comes again", () => {
    test("soon after a level was reached may be its doing: the next ramp ends below, and it is not tried for long", () => {
      const harness = wellFor(10);
      tripAndClose(harness);
      rampTo(20, harness);
      tripAndClose(harness);
      expect(harness.state()).toMatchObject({ rampTo: 14, ceiling: { limit: 20, isByTrip: true } });
      rampTo(14, harness);
      harness.live(60, 5_000, () => answered(60));
      expect(harness.state().limit).toBeLessThan(20);
      harness.live(720, 5_000, () => answered(60));
      expect(harness.state().limit).toBe(20);
    });

    test("after a step up is undone by one step", () => {
      const harness = wellFor(10);
      tripAndClose(harness);
      rampTo(20, harness);
      tripAndClose(harness);
      rampTo(14, harness);
      while (harness.state().limit === 14) harness.live(1, 5_000, () => answered(60));
      tripAndClose(harness);
      expect(harness.state()).toMatchObject({ rampTo: 14, ceiling: { limit: 15, isByTrip: true } });
    });

    test("long after its level was reached is the weather's: the next ramp leads to it", () => {
      const harness = wellFor(10);
      tripAndClose(harness);
      rampTo(20, harness);
      harness.live(30, 5_000, () => answered(60));
      tripAndClose(harness);
      expect(harness.state()).toMatchObject({ rampTo: 20 });
      expect(harness.state()).not.toHaveProperty("ceiling");
    });

    test("hours after its level was tried once more, and was well, is the weather's too", () => {
      const harness = wellFor(10);
      tripAndClose(harness);
      rampTo(20, harness);
      tripAndClose(harness);
      rampTo(14, harness);
      harness.live(3_000, 5_000, () => answered(60));
      expect(harness.state()).toMatchObject({ limit: 20, ceiling: { limit: 20, isByTrip: true } });
      tripAndClose(harness);
      expect(harness.state()).toMatchObject({ rampTo: 20 });
      expect(harness.state()).not.toHaveProperty("ceiling");
    });

    test("and again, at whatever level, leads to the bottom in a few trips", () => {
      const harness = wellFor(10);
      const levels: number[] = [];
      for (let trips = 0; trips < 8; trips += 1) {
        tripAndClose(harness);
        const state = harness.state();
        if (state.phase !== "closed") throw new TypeError("it must have been closed by its probe");
        levels.push(state.rampTo);
        rampTo(state.rampTo, harness);
      }
      expect(levels).toEqual([20, 14, 9, 6, 4, 2, 1, 1]);
    });
  });

  test.each([0.6, 0.7, 0.9])("in which a share of %f fails lasts from when that began", (share) => {
    const harness = wellFor(60);
    const onsetMs = harness.nowMs();
    for (let seconds = 0; seconds < 600 && harness.state().phase === "closed"; seconds += 1) {
      harness.wait(1_000);
      const calls = harness.state().limit;
      harness.report({ ...answered(Math.round((1 - share) * calls)), faultCount: Math.round(share * calls) });
    }
    expect(harness.state()).toMatchObject({ phase: "open", wellAtMs: onsetMs });
  });

  test("that is longer than an hour and comes again at once is one", () => {
    const harness = wellFor(10);
    const wellAtMs = harness.nowMs();
    harness.wait(1_000);
    harness.report({ faultCount: 10 });
    harness.wait(200 * CONFIG.paceMs);
    harness.probeDue();
    harness.report(answered(1));
    harness.wait(3_000);
    harness.report({ faultCount: 10 });
    expect(harness.state()).toMatchObject({ phase: "open", wellAtMs });
  });

  test("lasts from when all was well to the closing, and through trips in a row", () => {
    const harness = wellFor(10);
    const firstWellAtMs = harness.nowMs();
    harness.wait(1_000);
    tripAndClose(harness);
    const known = { wellAtMs: firstWellAtMs, closedAtMs: harness.nowMs() };
    expect(controlOf(harness.state())).toMatchObject(known);
    rampTo(20, harness);
    tripAndClose(harness);
    expect(controlOf(harness.state())).toMatchObject({ ...known, closedAtMs: harness.nowMs() });
    rampTo(14, harness);
    harness.live(6 * 60, 10_000, () => answered(60));
    const lastWellAtMs = harness.nowMs();
    harness.wait(1_000);
    tripAndClose(harness);
    expect(controlOf(harness.state())).toMatchObject({ wellAtMs: lastWellAtMs, closedAtMs: harness.nowMs() });
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
    harness.probeDue();
    expect(harness.state().phase).toBe("open");
    for (const waitMs of [0.2 * CONFIG.paceMs, 4 * CONFIG.paceMs, 4 * CONFIG.paceMs]) {
      harness.wait(waitMs);
      harness.probeDue();
      expect(harness.state()).toMatchObject({ phase: "half-open", limit: 1 });
      harness.report({ faultCount: 1 });
      expect(harness.state().phase).toBe("open");
    }
  });

  test("is probed before its time when an operator asks, and what the probe shows counts as ever", () => {
    const harness = wellFor(10);
    harness.live(4, 300, () => ({ faultCount: 6 }));
    harness.wait(1_000);
    harness.probeDue();
    expect(harness.state().phase).toBe("open");
    harness.probeAsked();
    expect(harness.state()).toMatchObject({ phase: "half-open", limit: 1 });
    harness.report(answered(1));
    expect(harness.state().phase).toBe("closed");
    const { epoch } = harness.state();
    harness.probeAsked();
    expect(harness.state().epoch).toBe(epoch);
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

  test("is left behind by three answers in a row, though a last call of it failed after the probe", () => {
    const harness = wellFor(10);
    tripAndClose(harness);
    harness.live(1, 30_000, () => ({ faultCount: 1 }));
    harness.live(2, 30_000, () => answered(1));
    expect(harness.state().limit).toBe(1);
    harness.live(1, 30_000, () => answered(1));
    expect(harness.state().limit).toBe(2);
  });

  test("is left behind though only records known to be bad come first, at a third of the pace", () => {
    const harness = wellFor(10);
    tripAndClose(harness);
    const limits: number[] = [];
    for (let report = 0; report < 24; report += 1) {
      harness.live(1, 1_000, () => ({ repeatFaultCount: 3 }));
      limits.push(harness.state().limit);
    }
    expect(limits.indexOf(2)).toBe(2);
    expect(limits.indexOf(4)).toBe(5);
    expect(limits.indexOf(8)).toBe(9);
    expect(limits.indexOf(16)).toBe(17);
  });

  test("a record that nobody knows shows that the provider answers", () => {
    const harness = wellFor(10);
    harness.live(4, 300, () => ({ faultCount: 6 }));
    harness.wait(2 * CONFIG.paceMs);
    harness.probeDue();
    harness.report({ rejectedCount: 1 });
    expect(harness.state()).toMatchObject({ phase: "closed", limit: 1 });
  });

  /** Half-open for a provider that was well until an outage, with its valve shut after a failed probe. */
  function probingBehindShutValve(): LawHarness {
    const harness = wellFor(10);
    harness.live(4, 300, () => ({ faultCount: 6 }));
    harness.wait(2 * CONFIG.paceMs);
    harness.probeDue();
    harness.report({ faultCount: 1 });
    harness.wait(4 * CONFIG.paceMs);
    expect(harness.state()).toMatchObject({ phase: "open", isValveKept: false });
    harness.probeDue();
    return harness;
  }

  test("without a record to probe with keeps half-open, with the valve opened for the next one to appear", () => {
    const harness = wellFor(10);
    harness.live(4, 300, () => ({ faultCount: 6 }));
    harness.wait(2 * CONFIG.paceMs);
    harness.probeDue(false);
    expect(harness.state()).toMatchObject({ phase: "half-open", isValveKept: true });
    expect(harness.state()).not.toHaveProperty("awaitsRecord");
    harness.report({ faultCount: 1 });
    harness.wait(4 * CONFIG.paceMs);
    harness.probeDue(false);
    expect(harness.state()).toMatchObject({ phase: "half-open", isValveKept: false, awaitsRecord: true });
    harness.wait(12 * 60 * 60_000);
    harness.report({ faultCount: 1 });
    const state = harness.state();
    expect(state).toMatchObject({ phase: "open", isValveKept: false });
    expect(state).not.toHaveProperty("awaitsRecord");
    if (state.phase === "open") expect(state.probeAtMs - harness.nowMs()).toBeGreaterThan(2 * CONFIG.paceMs);
  });

  test("whose record has vanished behind a shut valve opens it for the next one, and only then", () => {
    const harness = probingBehindShutValve();
    const { epoch } = harness.state();
    harness.probeDue(true);
    expect(harness.state().epoch).toBe(epoch);
    harness.probeDue(false);
    expect(harness.state()).toMatchObject({ phase: "half-open", awaitsRecord: true, epoch: epoch + 1 });
    harness.probeDue(false);
    expect(harness.state().epoch).toBe(epoch + 1);
  });

  test("is not what one doubtful record shows: several do together, and an answer outweighs them", () => {
    const failing = probingBehindShutValve();
    const answering = probingBehindShutValve();
    for (const harness of [failing, answering]) {
      harness.report({ repeatFaultCount: 1 });
      harness.report({ repeatFaultCount: 1 });
      expect(harness.state().phase).toBe("half-open");
    }
    failing.report({ repeatFaultCount: 1 });
    expect(failing.decisions.at(-1)).toContain("several doubtful records (faults 3): half-open → open");
    answering.report({ ...answered(1), repeatFaultCount: 1 });
    expect(answering.state().phase).toBe("closed");
  });

  test("is not what a probe that could not begin shows: it is made again a minute later", () => {
    const harness = probingBehindShutValve();
    const before = harness.state();
    harness.report({ unavailableCount: 1 });
    const after = harness.state();
    expect(after).toMatchObject({ phase: "open", failedProbeCount: 1 });
    expect(after).not.toHaveProperty("reason");
    expect(before).toMatchObject({ failedProbeCount: 1 });
    if (after.phase === "open") expect(after.probeAtMs - harness.nowMs()).toBe(3 * CONFIG.paceMs);
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
      harness.probeDue();
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
      harness.probeDue();
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

describe("an outage of our own side", () => {
  /** A provider in recovery from a trip, at a limit below its level, whose workers can't begin any more. */
  function broken(): LawHarness {
    const harness = wellFor(10);
    tripAndClose(harness);
    harness.live(2, 3_000, () => answered(20));
    expect(harness.state().limit).toBe(4);
    harness.live(4, 300, () => ({ unavailableCount: 3 }));
    return harness;
  }

  test("is seen by starts that fail on our side without any that began between", () => {
    const harness = broken();
    expect(harness.state()).toMatchObject({ phase: "open", reason: "environment", isValveKept: false });
    expect(harness.decisions.at(-1)).toMatch(/unavailable 12, .*: limit 4 → open \(environment\)$/);
  });

  test.each<[string, Partial<Evidence>]>([
    ["answered", answered(1)],
    ["refused for their record", { rejectedCount: 1, ...answered(1) }],
    ["failed by the provider", { repeatFaultCount: 1 }],
  ])("is not seen where a call in three is %s", (_, started) => {
    const harness = wellFor(10);
    harness.live(200, 1_000, () => ({ ...started, unavailableCount: 2 }));
    expect(harness.state()).toMatchObject({ phase: "closed", limit: 20 });
  });

  test("is looked at each minute, later less often, and spares the provider's reputation", () => {
    const harness = broken();
    const { relapseCount, trippedAtMs } = harness.state();
    const waits = [];
    for (let tries = 0; tries < 7; tries += 1) {
      const state = harness.state();
      if (state.phase !== "open") throw new TypeError(`it is ${state.phase}`);
      waits.push((state.probeAtMs - harness.nowMs()) / 60_000);
      harness.wait(state.probeAtMs - harness.nowMs());
      harness.probeDue();
      harness.report({ unavailableCount: 1 });
    }
    expect(waits).toEqual([1, 1.5, 2.25, 3.375, 4, 4, 4]);
    expect(harness.state()).toMatchObject({ reason: "environment", relapseCount, trippedAtMs });
  });

  test.each<[string, Partial<Evidence>]>([
    ["an answer", answered(1)],
    ["a fault", { faultCount: 1 }],
    ["a refusal", { throttledCount: 1 }],
  ])(
    "ends with the first call that begins, though it be %s, and ramps up to the level before",
    (_, started) => {
      const harness = broken();
      const { relapseCount, wellAtMs, closedAtMs } = harness.state();
      harness.wait(60_000);
      harness.probeDue();
      harness.report(started);
      expect(harness.state()).toMatchObject({ phase: "closed", limit: 1, rampTo: 20, relapseCount });
      expect(harness.state()).not.toHaveProperty("reason");
      expect(controlOf(harness.state())).toMatchObject({ wellAtMs, closedAtMs });
    },
  );

  test("is stored so that versions that do not know it read the same state", () => {
    const harness = broken();
    const { reason: _, ...known } = harness.state() as SluiceState & { reason?: string };
    expect(sluiceLaw.parse(known)).toEqual(known);
    harness.wait(60_000);
    harness.probeDue();
    expect(sluiceLaw.toStored(harness.state())).toMatchObject({
      phase: "half-open",
      probeUntilMs: harness.nowMs() + 60_000,
    });
  });

  test("that has not been suspected takes no room in the row", () => {
    expect(sluiceLaw.toStored(wellFor(1).state())).not.toHaveProperty("suspicions.environment");
  });
});

describe("a wrong address, or a contract that has changed", () => {
  const rejected = { rejectedCount: 1 };

  /** A provider at a limit below its level that rejects everything from now on. */
  function rejecting(): LawHarness {
    const harness = wellFor(10);
    tripAndClose(harness);
    harness.live(2, 3_000, () => answered(20));
    harness.live(80, 300, () => rejected);
    return harness;
  }

  test("shows by eighty rejections in a row, at whatever limits, and shuts the valve", () => {
    const harness = rejecting();
    expect(harness.state()).toMatchObject({
      phase: "open",
      reason: "environment",
      isAllRejected: true,
      isValveKept: false,
    });
    expect(harness.decisions.at(-1)).toMatch(/rejected 80, fetched 0\): limit 4 → open \(environment\)$/);
  });

  test.each([
    [79, 0],
    [300, 0.1],
    [300, 0.5],
  ])("does not show by %i rejections in a row, nor where a share of %d is fetched", (count, share) => {
    const harness = wellFor(10);
    const decisionCount = harness.decisions.length;
    harness.live(count, 300, (_, index) =>
      index * share < Math.floor((index + 1) * share) ? answered(1) : rejected,
    );
    expect(harness.decisions.slice(decisionCount)).toEqual([]);
  });

  test.each([
    ["dead letters that were put back and are", { ownRejectedCount: 1 }],
    ["records that were rejected before others were fetched, and are", { repeatRejectedCount: 1 }],
  ])("does not show by %s rejected again", (_, more) => {
    const harness = wellFor(10);
    const decisionCount = harness.decisions.length;
    harness.live(300, 300, () => ({ rejectedCount: 1, ...more }));
    expect(harness.decisions.slice(decisionCount)).toEqual([]);
  });

  test("is looked at each minute, later less often, and a rejection goes on with it", () => {
    const harness = rejecting();
    const { relapseCount, trippedAtMs } = harness.state();
    const waits = [];
    for (let tries = 0; tries < 6; tries += 1) {
      const state = harness.state();
      if (state.phase !== "open") throw new TypeError(`it is ${state.phase}`);
      waits.push((state.probeAtMs - harness.nowMs()) / 60_000);
      harness.wait(state.probeAtMs - harness.nowMs());
      harness.probeDue();
      harness.report(rejected);
    }
    expect(waits).toEqual([1, 1.5, 2.25, 3.375, 4, 4]);
    expect(harness.state()).toMatchObject({ isAllRejected: true, relapseCount, trippedAtMs });
  });

  test("is looked at again after a probe that could not begin", () => {
    const harness = rejecting();
    harness.wait(60_000);
    harness.probeDue();
    harness.report({ unavailableCount: 1 });
    expect(harness.state()).toMatchObject({ phase: "open", isAllRejected: true, failedProbeCount: 0 });
  });

  test.each<[string, Partial<Evidence>]>([
    ["an answer", answered(1)],
    ["a fault", { faultCount: 1 }],
    ["a record's own fault", { repeatFaultCount: 1 }],
    ["a refusal", { throttledCount: 1 }],
  ])("ends with %s, and ramps up to the level before", (_, evidence) => {
    const harness = rejecting();
    const { relapseCount } = harness.state();
    harness.wait(60_000);
    harness.probeDue();
    harness.report(evidence);
    expect(harness.state()).toMatchObject({ phase: "closed", limit: 1, rampTo: 20, relapseCount });
    expect(harness.state()).not.toHaveProperty("isAllRejected");
  });

  test("is stored, also as a suspicion, and takes no room in the row without one", () => {
    const harness = wellFor(1);
    expect(sluiceLaw.toStored(harness.state())).not.toHaveProperty("suspicions.rejections");
    harness.report(rejected);
    expect(sluiceLaw.parse(sluiceLaw.toStored(harness.state()))).toEqual(harness.state());
    const held = rejecting();
    expect(sluiceLaw.parse(sluiceLaw.toStored(held.state()))).toEqual(held.state());
  });
});

test("a stored row keeps the names that running versions read and write", () => {
  const harness = wellFor(10);
  harness.report({ throttledCount: 6 });
  const stored = {
    ...(sluiceLaw.toStored(harness.state()) as object),
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
