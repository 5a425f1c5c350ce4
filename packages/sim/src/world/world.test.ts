import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { lawSetupsNamed } from "../lab/laws.ts";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import type { ScenarioInput } from "../provider-simulator/scenario-defaults.ts";
import { startSampler } from "./sampler.ts";
import { createWorld, type World } from "./world.ts";
import type { WorldOptions } from "./world-context.ts";

const MINUTE_MS = 60_000;

function createHarness(input: ScenarioInput, law = "fixed", options: Partial<WorldOptions> = {}): World {
  const [setup] = lawSetupsNamed([law]);
  if (setup === undefined) throw new TypeError("no law");
  return createWorld({ scenario: parseScenario(input, "in a test"), setup, seed: 1, ...options });
}

const QUICK_CALLS = { medianMs: 200, sigma: 0.8 };
/** Overload, an outage, gray faults, bad records and unreliable reports, in which 1,800 records are to be fetched. */
const STORM: ScenarioInput = {
  durationMinutes: 20,
  backlog: 1_500,
  arrivalsPerMinute: [
    [0, 0],
    [5, 20],
  ],
  provider: {
    maxConcurrency: 8,
    timeoutMs: 3_000,
    slowAfterMs: 2_000,
    latency: QUICK_CALLS,
    capacity: [
      [0, 8],
      [0.3, 3],
      [0.6, 0],
      [3, 8],
    ],
    overload: { mode: "stretch" },
    faultRatio: [
      [0, 0.02],
      [4, 0.1],
    ],
    poisonRatio: 0.01,
    rejectedRatio: 0.01,
  },
  observers: { lateRatio: 0.1, lostRatio: 0.1, duplicateRatio: 0.1 },
};

describe("a world", () => {
  it("drains a calm provider: each record once, never more than X at once, nothing to warn of", async () => {
    const world = createHarness({ backlog: 3_000, provider: { maxConcurrency: 8, latency: QUICK_CALLS } });
    await world.run(60 * MINUTE_MS);
    const { isDrained, elapsedMs, site, deadLetters, logCounts, mostReceives } = world.report();
    expect(isDrained).toBe(true);
    // 3,000 calls of 275 ms on average, 8 at a time.
    expect(elapsedMs).toBeGreaterThan(103_000);
    expect(elapsedMs).toBeLessThan(125_000);
    expect(site.servedAtMs).toHaveLength(3_000);
    expect(site.audit).toMatchObject({ requestCount: 3_000, mostInFlightCount: 8, boundViolationCount: 0 });
    expect(deadLetters).toEqual({ healthy: 0, poison: 0, unknown: 0 });
    expect(logCounts).toEqual({});
    expect(mostReceives).toBeLessThan(4);
  });

  it("drains a storm under our law: each record is fetched once or has died of its own fault", async () => {
    const world = createHarness(STORM, "sluice");
    await world.run(240 * MINUTE_MS);
    const { isDrained, site, deadLetters } = world.report();
    expect(isDrained).toBe(true);
    expect(site.audit).toMatchObject({ boundViolationCount: 0, servedAgain: [] });
    expect(deadLetters.healthy).toBe(0);
    expect(deadLetters.poison).toBeGreaterThan(5);
    expect(deadLetters.unknown).toBeGreaterThan(5);
    expect(site.servedAtMs.length + deadLetters.poison + deadLetters.unknown).toBe(1_800);
  });

  it.each(["fixed", "original", "original-shaped"])(
    "keeps to X and loses no record in a storm, whatever the law: %s",
    async (law) => {
      const world = createHarness(STORM, law);
      await world.run(20 * MINUTE_MS);
      const { site, deadLetters } = world.report();
      expect(site.audit).toMatchObject({ boundViolationCount: 0, servedAgain: [] });
      expect(site.audit.startsInOutageCount).toBeGreaterThan(0);
      const { inFlightCount, backlogCount } = world.sample();
      const deadCount = deadLetters.healthy + deadLetters.poison + deadLetters.unknown;
      const goneCount = site.servedAtMs.length + deadCount;
      // What is served is deleted a moment later, with the rest of its batch.
      expect(goneCount + backlogCount).toBeGreaterThanOrEqual(1_800);
      expect(goneCount + backlogCount).toBeLessThanOrEqual(1_800 + 10 * (inFlightCount + 8));
    },
  );

  it("runs the same from the same seed, byte for byte, and not from another one", async () => {
    const traceOf = async (seed: number) => {
      const hash = createHash("sha256");
      const world = createHarness(STORM, "sluice", {
        seed,
        onEvent: (atMs, what) => hash.update(`${atMs} ${what}\n`),
      });
      await world.run(6 * MINUTE_MS);
      hash.update(JSON.stringify(world.report()));
      return hash.digest("hex");
    };
    const first = await traceOf(1);
    expect(await traceOf(1)).toBe(first);
    expect(await traceOf(2)).not.toBe(first);
  });

  it("draws the latency of an attempt from seed and record alone, whatever the law", async () => {
    const startsOf = async (law: string) => {
      const starts = new Map<string, number>();
      const latencies = new Map<string, number>();
      const world = createHarness({ backlog: 200, provider: { latency: QUICK_CALLS } }, law, {
        onEvent(atMs, what) {
          const [word, recordId = ""] = what.split(" ");
          if (word === "start") starts.set(recordId, atMs);
          else latencies.set(recordId, Math.round((atMs - (starts.get(recordId) ?? 0)) * 1_000));
        },
      });
      await world.run(10 * MINUTE_MS);
      return [...latencies].toSorted();
    };
    const latencies = await startsOf("fixed");
    expect(latencies).toHaveLength(200);
    expect(await startsOf("original")).toEqual(latencies);
  });

  it("lets a table key take no more than a thousand write units in a second", async () => {
    // The contract reckons with calls of a second and so with one shard; they take 5 ms.
    const world = createHarness({
      backlog: 4_000,
      durationMinutes: 10,
      provider: {
        maxConcurrency: 60,
        latency: {
          mix: [
            { share: 0.45, medianMs: 5, sigma: 0 },
            { share: 0.55, medianMs: 3_000, sigma: 0 },
          ],
        },
        latencyFactor: [[0, 0.002]],
      },
    });
    await world.run(10 * MINUTE_MS);
    const { meter, logCounts, site } = world.report();
    expect(meter.table.hotRefusals).toBeGreaterThan(0);
    // A batch that is refused waits and asks again, so that none goes round for it.
    expect(Object.keys(logCounts)).not.toContain("batch could not be started");
    expect(site.audit.boundViolationCount).toBe(0);
  });

  it("goes on without an environment that was killed, and starts its records again", async () => {
    const world = createHarness({
      backlog: 300,
      provider: { maxConcurrency: 4, timeoutMs: 5_000, latency: QUICK_CALLS },
    });
    world.clock.at(world.clock.nowMs() + 3_000, () => {
      world.ventilators.kill(0);
      world.ventilators.kill(0);
    });
    await world.run(60 * MINUTE_MS);
    const { isDrained, site, elapsedMs } = world.report();
    expect(isDrained).toBe(true);
    expect(site.audit.boundViolationCount).toBe(0);
    // What the dead had in hand comes back when claims and visibility have run out.
    expect(site.audit.requestCount).toBeGreaterThan(300);
    expect(site.servedAtMs).toHaveLength(300);
    expect(elapsedMs).toBeGreaterThan(30_000);
  });

  it("bears clocks that are off by two seconds", async () => {
    const world = createHarness(STORM, "sluice", {
      skewMs: (name) => (name.length % 2 === 0 ? 2_000 : -2_000),
    });
    await world.run(240 * MINUTE_MS);
    const { isDrained, site } = world.report();
    expect([isDrained, site.audit.boundViolationCount, site.audit.servedAgain]).toEqual([true, 0, []]);
  });

  it("works through a single group one batch at a time", async () => {
    const world = createHarness(
      { backlog: 100, provider: { latency: { medianMs: 100, sigma: 0 } } },
      "original",
    );
    let mostBusy = 0;
    for (let atMs = 100; atMs < 20_000; atMs += 100) {
      world.clock.at(world.clock.nowMs() + atMs, () => {
        mostBusy = Math.max(mostBusy, world.ventilators.busyCount());
      });
    }
    await world.run(20 * MINUTE_MS);
    expect([mostBusy, world.report().site.audit.mostInFlightCount]).toEqual([1, 10]);
  });

  it("tells what was an outage and what reached the provider in it, probes apart", async () => {
    const outagesUnder = async (law: string) => {
      const world = createHarness(STORM, law);
      await world.run(4 * MINUTE_MS);
      return world.report().site.outages;
    };
    const [uncontrolled, ...others] = await outagesUnder("fixed");
    expect(others).toEqual([]);
    expect(uncontrolled).toMatchObject({ fromMs: 36_000, untilMs: 180_000, probeCount: 0 });
    expect(uncontrolled?.lastStartAtMs).toBeGreaterThan(170_000);
    const [tripped] = await outagesUnder("sluice");
    expect(tripped?.probeCount).toBeGreaterThan(0);
  });

  it("is sampled at most 1,200 times, from start to end", async () => {
    const world = createHarness({ durationMinutes: 60, arrivalsPerMinute: [[0, 6]] });
    const samples = startSampler(world);
    await world.run(60 * MINUTE_MS);
    expect(samples().length).toBeLessThan(1_200);
    expect(samples().length).toBeGreaterThan(600);
    expect(samples()[0]).toMatchObject({ atMs: 0, phase: "closed", limit: 20, isValveEnabled: true });
    expect(samples().at(-1)?.atMs).toBeGreaterThan(59 * MINUTE_MS);
  });
});
