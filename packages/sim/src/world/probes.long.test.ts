import { describe, expect, test } from "vitest";
import { lawSetupsNamed } from "../lab/laws.ts";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import { fateOf } from "../provider-simulator/record-fate.ts";
import type { ScenarioInput } from "../provider-simulator/scenario-defaults.ts";
import { createWorld } from "./world.ts";
import type { WorldReport } from "./world-report.ts";

const MINUTE_MS = 60_000;
const CALLS = { medianMs: 1_000, sigma: 0.8 };

/** An outage, and what is there to probe with. */
interface Story {
  readonly scenario: ScenarioInput;
  readonly backAtMinute: number;
  /** The first record, which is at the head of the queue, always fails. */
  readonly isFirstPoison?: boolean;
}

const STORIES: Readonly<Record<string, Story>> = {
  "a small backlog, and an outage in its second second": {
    scenario: {
      durationMinutes: 30,
      backlog: 100,
      provider: { maxConcurrency: 10, latency: CALLS, capacity: capacity(10, 0.02, 5) },
    },
    backAtMinute: 5,
  },
  "a dozen records and an outage from the start": {
    scenario: {
      durationMinutes: 40,
      backlog: 12,
      provider: { maxConcurrency: 20, latency: CALLS, capacity: capacity(20, 0, 20) },
    },
    backAtMinute: 20,
  },
  "five arrivals a minute": {
    scenario: {
      durationMinutes: 60,
      arrivalsPerMinute: [[0, 5]],
      provider: { maxConcurrency: 20, latency: CALLS, capacity: capacity(20, 10, 13) },
    },
    backAtMinute: 13,
  },
  "poison first in the queue": {
    scenario: {
      durationMinutes: 40,
      backlog: 300,
      provider: { maxConcurrency: 10, latency: CALLS, poisonRatio: 0.02, capacity: capacity(10, 0, 20) },
    },
    backAtMinute: 20,
    isFirstPoison: true,
  },
  "one record in a hundred poison, a hundred of them in front": {
    scenario: {
      durationMinutes: 20,
      backlog: 12_000,
      provider: { maxConcurrency: 20, latency: CALLS, poisonRatio: 0.01, capacity: capacity(20, 8, 11) },
    },
    backAtMinute: 11,
  },
  "one record in ten poison, hundreds of them in front": {
    scenario: {
      durationMinutes: 20,
      backlog: 30_000,
      provider: { maxConcurrency: 20, latency: CALLS, poisonRatio: 0.1, capacity: capacity(20, 10, 13) },
    },
    backAtMinute: 13,
  },
};

describe.each(Object.entries(STORIES))("%s", (_, story) => {
  test.each([1, 2])(
    "seed %i: closed soon after the outage, and little goes round meanwhile",
    async (seed) => {
      const { report, receivesPerRecord } = await play(story, seed);
      const { backAtMinute } = story;
      expect(closings(report).find((minute) => minute >= backAtMinute)).toBeLessThan(backAtMinute + 5);
      expect(report.site.servedAtMs.some((atMs) => atMs > backAtMinute * MINUTE_MS)).toBe(true);
      expect(report.mostReceives).toBeLessThanOrEqual(25);
      expect(receivesPerRecord).toBeLessThan(10);
      expect(report.deadLetters.healthy).toBe(0);
      expect(report.site.audit.boundViolationCount).toBe(0);
    },
  );
});

test("in a long outage the probes of a provider with some faults kill no healthy record", async () => {
  const story: Story = {
    scenario: {
      durationMinutes: 90,
      backlog: 15_000,
      provider: {
        maxConcurrency: 20,
        latency: CALLS,
        faultRatio: [[0, 0.03]],
        capacity: capacity(20, 5, 60),
      },
    },
    backAtMinute: 60,
  };
  const { report } = await play(story, 1);
  expect(report.isDrained).toBe(true);
  expect(report.deadLetters.healthy).toBe(0);
  expect(report.site.outages[0]?.probeCount).toBeGreaterThan(35);
});

async function play({ scenario: input, isFirstPoison = false }: Story, seed: number) {
  const scenario = parseScenario({ name: "probes", ...input }, "in a test");
  const [setup] = lawSetupsNamed(["sluice"]);
  if (setup === undefined) throw new TypeError("no law");
  const isFit = (lot: number) => !isFirstPoison || fateOf(scenario.provider, lot, "r0") === "poison";
  let lot = seed * 1_000;
  while (!isFit(lot)) lot += 1;
  const world = createWorld({ scenario, setup, seed: lot });
  await world.run(scenario.durationMinutes * MINUTE_MS);
  const report = world.report();
  const { deadLetters, meter, site } = report;
  const doneCount = site.servedAtMs.length + deadLetters.poison + deadLetters.healthy;
  return { report, receivesPerRecord: meter.sqs.visibilityChanges / doneCount };
}

/** The minutes at which the breaker closed. */
function closings({ events }: WorldReport): number[] {
  return events
    .filter(({ decision }) => decision?.before.phase === "half-open" && decision.after.phase === "closed")
    .map(({ atMs }) => atMs / MINUTE_MS);
}

/** Capacity that is gone between two minutes. */
function capacity(
  count: number,
  goneAtMinute: number,
  backAtMinute: number,
): [[number, number], ...[number, number][]] {
  const back: [number, number] = [backAtMinute, count];
  return goneAtMinute === 0 ? [[0, 0], back] : [[0, count], [goneAtMinute, 0], back];
}
