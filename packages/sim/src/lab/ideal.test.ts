import { describe, expect, it } from "vitest";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import type { ScenarioInput } from "../provider-simulator/scenario-defaults.ts";
import { countUntil } from "./figures.ts";
import { runIdeal } from "./ideal.ts";
import type { IdealBatches } from "./ideal-slots.ts";

const EXACT = { medianMs: 1_000, sigma: 0 };

function idealOf(input: ScenarioInput, batches?: IdealBatches) {
  const scenario = parseScenario({ durationMinutes: 10, ...input }, "in a test");
  return runIdeal({ scenario, seed: 1, ...(batches && { batches }) });
}

describe("the ideal", () => {
  it("keeps exactly X requests in flight", () => {
    const { servedAtMs, emptiedAtMs } = idealOf({
      backlog: 10,
      provider: { maxConcurrency: 4, latency: EXACT },
    });
    expect([...servedAtMs]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3].map((seconds) => seconds * 1_000));
    // The last two start at 2 s; from then on a slot is free and nothing waits.
    expect(emptiedAtMs).toBe(2_000);
  });

  it("keeps to the true capacity at every instant", () => {
    const { servedAtMs } = idealOf({
      backlog: 100_000,
      provider: {
        maxConcurrency: 4,
        latency: EXACT,
        capacity: [
          [0, 4],
          [1, 2],
          [2, 0],
          [3, 9],
        ],
      },
    });
    const perMinute = [1, 2, 3, 4].map((minute) => countUntil(servedAtMs, minute * 60_000));
    expect(perMinute).toEqual([240, 360, 360, 600]);
  });

  it("is as quick as a fragile provider grows, and never brings it down", () => {
    const { servedAtMs } = idealOf({
      backlog: 100_000,
      provider: {
        maxConcurrency: 4,
        latency: EXACT,
        capacity: [
          [0, 0],
          [1, 4],
        ],
        fragile: { downMinutes: 5, rampPerMinute: 1 },
      },
    });
    const perMinute = [1, 2, 3, 4, 5].map((minute) => countUntil(servedAtMs, minute * 60_000));
    expect(perMinute).toEqual([0, 60, 180, 360, 600]);
  });

  it("tries failed records again after their back-off, and gives up poison after ten attempts", () => {
    const { servedAtMs, emptiedAtMs } = idealOf({
      durationMinutes: 600,
      backlog: 100,
      provider: { maxConcurrency: 4, latency: EXACT, faultRatio: [[0, 0.2]], poisonRatio: 0.1 },
    });
    expect(servedAtMs.length).toBeGreaterThan(80);
    expect(servedAtMs.length).toBeLessThan(97);
    expect(servedAtMs.at(-1)).toBeGreaterThan(30_000);
    expect(emptiedAtMs).toBeLessThan(60_000);
  });

  it("has all of X in flight where longer calls are worth their length, and no more than is borne elsewhere", () => {
    const servedIn10Minutes = (mode: "stretch" | "collapse", exponent: number) =>
      idealOf({
        backlog: 100_000,
        provider: { maxConcurrency: 16, latency: EXACT, capacity: [[0, 4]], overload: { mode, exponent } },
      }).servedAtMs.length;
    expect(servedIn10Minutes("stretch", 0.5)).toBe(600 * 8);
    expect(servedIn10Minutes("stretch", 0)).toBe(600 * 16);
    expect(servedIn10Minutes("stretch", 1)).toBe(600 * 4);
    expect(servedIn10Minutes("collapse", 0.5)).toBe(600 * 4);
  });

  it("asks a record that has not failed before one that has", () => {
    const { servedAtMs } = idealOf({
      durationMinutes: 600,
      backlog: 60,
      provider: { maxConcurrency: 1, latency: EXACT, poisonRatio: 0.2 },
    });
    expect(servedAtMs.at(-1)).toBeLessThanOrEqual(60_000);
  });

  it("calls five times for a poison record and once for an unknown one", () => {
    const bad = (provider: ScenarioInput["provider"]) =>
      idealOf({ durationMinutes: 600, backlog: 3, provider: { latency: EXACT, ...provider } });
    expect(bad({ poisonRatio: 1 }).startCount).toBe(15);
    expect(bad({ rejectedRatio: 1 }).startCount).toBe(3);
  });

  it("is never empty while records may still arrive", () => {
    const { servedAtMs, emptiedAtMs } = idealOf({
      arrivalsPerMinute: [
        [0, 60],
        [2, 0],
        [3, 60],
        [4, 0],
      ],
      provider: { maxConcurrency: 4, latency: EXACT },
    });
    expect(servedAtMs).toHaveLength(180);
    expect(emptiedAtMs).toBe(240_000);
  });

  it("pauses between batches where that is asked for", () => {
    const { servedAtMs } = idealOf(
      { backlog: 1_000, provider: { maxConcurrency: 2, latency: { medianMs: 10, sigma: 0, minMs: 1 } } },
      { size: 10, overheadMs: 40 },
    );
    // Two slots, 10 calls in 140 ms each.
    expect(servedAtMs.at(-1)).toBeCloseTo(50 * 140 - 40, 6);
  });

  it("gives the same from the same seed", () => {
    const input = { backlog: 500, provider: { faultRatio: [[0, 0.1]] as [[number, number]] } };
    expect(idealOf(input)).toEqual(idealOf(input));
  });
});
