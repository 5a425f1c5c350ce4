import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../provider-simulator/parse-scenario.ts";
import type { Scenario } from "../../provider-simulator/scenario.ts";
import type { TimeLine } from "../../provider-simulator/time-line.ts";
import { drawScenario } from "../draw/draw-scenario.ts";
import { SCENARIO_CHANGES, shrinkScenario } from "./shrink-scenario.ts";

const seeds = fc.integer({ min: 1, max: 1_000_000_000 });
const MANY_TRIES = 20_000;

/** Numbers of which none may grow while a scenario shrinks. */
function sizesOf({ durationMinutes, backlog, arrivalsPerMinute, provider, valve, observers }: Scenario) {
  const { latency, overload } = provider;
  const kinds = "mix" in latency ? latency.mix : [latency];
  return {
    durationMinutes,
    backlog,
    arrivalLevels: arrivalsPerMinute.length,
    mostArrivals: Math.max(...valuesOf(arrivalsPerMinute)),
    X: provider.maxConcurrency,
    levels: provider.capacity.length,
    faultLevels: provider.faultRatio.length,
    mostFaults: Math.max(...valuesOf(provider.faultRatio)),
    factorLevels: provider.latencyFactor.length,
    poison: provider.poisonRatio,
    rejected: provider.rejectedRatio,
    fragility: provider.fragile === null ? 0 : 1,
    mode: ["reject", "hang", "stretch", "collapse"].indexOf(overload.mode),
    retryAfter: overload.retryAfterSeconds ?? -1,
    kinds: kinds.length,
    spread: Math.max(...kinds.map(({ sigma }) => sigma)),
    delay: valve.updateDelaySeconds[1],
    overhead: valve.overheadMs,
    observers: observers.lateRatio + observers.lostRatio + observers.duplicateRatio,
  };
}

function valuesOf(line: TimeLine): number[] {
  return line.map(([, value]) => value);
}

function expectNoLarger(scenario: Scenario, than: Scenario): void {
  const [sizes, limits] = [sizesOf(scenario), sizesOf(than)];
  for (const name of Object.keys(sizes) as (keyof typeof sizes)[])
    expect(sizes[name], name).toBeLessThanOrEqual(limits[name]);
}

describe("a drawn scenario shrinks", () => {
  test("to one that is bad, no larger, can be read from a file, and can't be made smaller by any change", async () => {
    const isProperty = async (seed: number, isBadOf: (scenario: Scenario) => boolean) => {
      const drawn = drawScenario(seed);
      // The function tells the order of properties apart.
      const isBad = (scenario: Scenario) => isBadOf(parseScenario(scenario, "a file"));
      const isStillBad = async (scenario: Scenario) => isBad(scenario);
      const { smallest, isFixedPoint } = await shrinkScenario(drawn, { isStillBad, triesMax: MANY_TRIES });
      if (smallest !== drawn) expect(isBad(smallest)).toBe(true);
      expectNoLarger(smallest, drawn);
      expect(parseScenario(JSON.parse(JSON.stringify(smallest)), "a file")).toEqual(smallest);
      expect(isFixedPoint).toBe(true);
      const smaller = SCENARIO_CHANGES.flatMap((change) => [...change(smallest)]);
      expect(smaller.filter(isBad)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(seeds, fc.func(fc.boolean()), isProperty), { numRuns: 100 });
  });

  test("step by step to something smaller that can be read from a file", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const drawn = drawScenario(seed);
        for (const candidate of SCENARIO_CHANGES.flatMap((change) => [...change(drawn)])) {
          expectNoLarger(candidate, drawn);
          expect(candidate).not.toEqual(drawn);
          expect(() => parseScenario(candidate, "a file")).not.toThrow();
        }
      }),
      { numRuns: 60 },
    );
  });

  test("always in the same way", async () => {
    const isStillBad = async ({ backlog, provider }: Scenario) =>
      backlog >= 3 || provider.capacity.some(([, count]) => count === 0);
    const shrunk = () => shrinkScenario(drawScenario(7), { isStillBad, triesMax: 500 });
    expect(await shrunk()).toEqual(await shrunk());
  });

  test("to nothing but what is bad in it", async () => {
    const isStillBad = async ({ provider }: Scenario) => provider.capacity.some(([, count]) => count === 1);
    const { smallest } = await shrinkScenario(drawScenario(4), { isStillBad, triesMax: MANY_TRIES });
    expect(smallest.durationMinutes).toBeLessThan(1.4);
    expect(smallest).toMatchObject({
      name: "random-4",
      backlog: 0,
      arrivalsPerMinute: [[0, 0]],
      valve: { updateDelaySeconds: [0, 0], overheadMs: 10 },
      observers: { lateRatio: 0, lostRatio: 0, duplicateRatio: 0 },
      provider: {
        maxConcurrency: 1,
        capacity: [[0, 1]],
        latency: { sigma: 0 },
        overload: { mode: "reject", exponent: 1, retryAfterSeconds: null },
        faultRatio: [[0, 0]],
        latencyFactor: [[0, 1]],
        poisonRatio: 0,
        rejectedRatio: 0,
        fragile: null,
      },
    });
  });
});
