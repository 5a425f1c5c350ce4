import fc from "fast-check";
import { expect, test } from "vitest";
import { parseScenario } from "../../provider-simulator/parse-scenario.ts";
import type { Scenario } from "../../provider-simulator/scenario.ts";
import type { SimulatedProviderInput } from "../../provider-simulator/scenario-defaults.ts";
import { valueAt } from "../../provider-simulator/time-line.ts";
import { providerOf } from "../../world/provider-of.ts";
import { recordedEvents, WORLD_START_MS } from "./fakes/recorded-events.ts";
import { parseEvents } from "./parse-events.ts";
import { type Rebuilt, rebuild } from "./rebuild.ts";

const X = 12;

/** Half an hour of a provider that is busy all the time. */
function scenarioOf(weather: SimulatedProviderInput, durationMinutes = 32): Scenario {
  const provider = {
    maxConcurrency: X,
    slowAfterMs: 15_000,
    timeoutMs: 20_000,
    latency: { medianMs: 2_000, sigma: 0.6, minMs: 50, maxMs: 20_000 },
  };
  return parseScenario(
    { name: "a day", durationMinutes, backlog: 12_000, provider: { ...provider, ...weather } },
    "a test",
  );
}

async function rebuiltFrom(scenario: Scenario, seed: number) {
  const events = parseEvents(JSON.stringify(await recordedEvents(scenario, seed)), "a test");
  const rebuilt = rebuild(events, { ...providerOf(scenario), latency: LOOSE_LATENCY });
  const minutesLater = (rebuilt.startMs - WORLD_START_MS) / 60_000;
  const provider = rebuilt.scenario.provider;
  const { latency } = provider;
  const medianMs = "mix" in latency ? Number.NaN : latency.medianMs;
  return {
    rebuilt,
    provider,
    /** Values at a minute of the true scenario. */
    capacityAt: (minute: number) => valueAt(provider.capacity, minute - minutesLater),
    medianAt: (minute: number) => medianMs * valueAt(provider.latencyFactor, minute - minutesLater),
    faultsAt: (minute: number) => valueAt(provider.faultRatio, minute - minutesLater),
    outages: outagesIn(rebuilt, minutesLater),
  };
}

/** A contract whose latency is off, so that a right one comes from the events. */
const LOOSE_LATENCY = { medianMs: 700, sigma: 1, minMs: 50, maxMs: 20_000 };

function outagesIn({ scenario }: Rebuilt, minutesLater: number): (readonly [from: number, until: number])[] {
  const { capacity } = scenario.provider;
  return capacity.flatMap(([minute, value], at) =>
    value === 0
      ? [[minute + minutesLater, (capacity[at + 1]?.[0] ?? Number.POSITIVE_INFINITY) + minutesLater] as const]
      : [],
  );
}

function expectWithin(value: number, truth: number, share: number): void {
  expect(value).toBeGreaterThanOrEqual(truth * (1 - share));
  expect(value).toBeLessThanOrEqual(truth * (1 + share));
}

function expectLatency(medianMs: number, truthMs: number): void {
  expect(Math.abs(Math.log(medianMs / truthMs))).toBeLessThan(Math.log(1.3));
}

test.each(["reject", "hang"] as const)(
  "a blackout, mode %s: one outage, from and until about when it was",
  async (mode) => {
    const scenario = scenarioOf({
      capacity: [
        [0, X],
        [10, 0],
        [18, X],
      ],
      overload: { mode },
    });
    const { capacityAt, medianAt, outages, provider } = await rebuiltFrom(scenario, 1);
    expect(outages).toHaveLength(1);
    const [[from, until] = [0, 0]] = outages;
    expect(Math.abs(from - 10)).toBeLessThan(2);
    expect(Math.abs(until - 18)).toBeLessThan(2);
    for (const minute of [5, 25]) expectWithin(capacityAt(minute), X, 0.25);
    expectLatency(medianAt(5), 2_000);
    expect(provider.overload.mode).toBe(mode);
  },
);

test("a drop of capacity with refusals: its levels, once the law has found them", async () => {
  const scenario = scenarioOf({
    capacity: [
      [0, X],
      [10, 5],
      [24, X],
    ],
  });
  const { capacityAt, medianAt, outages, provider } = await rebuiltFrom(scenario, 2);
  expect(outages).toEqual([]);
  for (const minute of [5, 29]) expectWithin(capacityAt(minute), X, 0.25);
  for (const minute of [12, 15, 18, 22]) expectWithin(capacityAt(minute), 5, 0.25);
  for (const minute of [5, 15]) expectLatency(medianAt(minute), 2_000);
  expect(provider.overload).toMatchObject({ mode: "reject", retryAfterSeconds: null });
});

test("refusals with Retry-After: the levels, and the wait that was asked for", async () => {
  const overload = { mode: "reject", retryAfterSeconds: 10 } as const;
  const scenario = scenarioOf({
    capacity: [
      [0, X],
      [10, 6],
      [24, X],
    ],
    overload,
  });
  const { capacityAt, medianAt, provider } = await rebuiltFrom(scenario, 3);
  for (const minute of [5]) expectWithin(capacityAt(minute), X, 0.25);
  for (const minute of [14, 18, 22]) expectWithin(capacityAt(minute), 6, 0.25);
  expectLatency(medianAt(5), 2_000);
  expect(provider.overload).toMatchObject({ mode: "reject", retryAfterSeconds: 10 });
});

test("calls that stretch with load: the capacity at which they do, and not longer calls", async () => {
  const overload = { mode: "stretch", exponent: 1.5 } as const;
  const scenario = scenarioOf({
    capacity: [
      [0, X],
      [10, 4],
      [26, X],
    ],
    overload,
  });
  const { capacityAt, medianAt, provider } = await rebuiltFrom(scenario, 4);
  expectWithin(capacityAt(5), X, 0.25);
  for (const minute of [14, 18, 24]) expectWithin(capacityAt(minute), 4, 0.25);
  for (const minute of [5, 18]) expectLatency(medianAt(minute), 2_000);
  expect(provider.overload.mode).toBe("stretch");
});

test("longer calls at any load: a factor on the latency, from when they became longer, and no overload", async () => {
  const scenario = scenarioOf({
    latencyFactor: [
      [0, 1],
      [10, 3.5],
    ],
  });
  const { capacityAt, medianAt } = await rebuiltFrom(scenario, 5);
  for (const minute of [5, 15, 20]) expectWithin(capacityAt(minute), X, 0.25);
  expectLatency(medianAt(5), 2_000);
  expectLatency(medianAt(14), 7_000);
});

test("faults at any load: their share, from when they began, and no overload", async () => {
  const scenario = scenarioOf({
    faultRatio: [
      [0, 0],
      [10, 0.35],
    ],
  });
  const { capacityAt, faultsAt, outages } = await rebuiltFrom(scenario, 6);
  expect(outages).toEqual([]);
  for (const minute of [5, 15]) expectWithin(capacityAt(minute), X, 0.25);
  expect(faultsAt(5)).toBeLessThan(0.03);
  expectWithin(faultsAt(14), 0.35, 0.3);
});

/**
 * A calm, then less capacity or none for a while, then a calm again. Calls that stretch less than 2.5 times are no trouble to
 * the law, and leave no event: from 12 to 7 they do.
 */
const dips = fc
  .record({
    from: fc.integer({ min: 6, max: 9 }),
    minutes: fc.integer({ min: 8, max: 11 }),
    level: fc.constantFrom(0, 0, 3, 5, 7),
    mode: fc.constantFrom("reject" as const, "stretch" as const),
    retryAfterSeconds: fc.constantFrom(null, null, 5, 20),
    seed: fc.integer({ min: 1, max: 1_000 }),
  })
  .filter(({ level, mode }) => mode === "reject" || level <= 5);

test("whatever the dip, its level, its time and the latency are about right", {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(dips, async ({ from, minutes, level, mode, retryAfterSeconds, seed }) => {
      const until = from + minutes;
      const scenario = scenarioOf(
        {
          capacity: [
            [0, X],
            [from, level],
            [until, X],
          ],
          overload: { mode, retryAfterSeconds },
        },
        until + 8,
      );
      const { capacityAt, medianAt, outages } = await rebuiltFrom(scenario, seed);
      expectLatency(medianAt(from - 2), 2_000);
      expectWithin(capacityAt(from - 3), X, 0.25);
      if (level === 0) {
        expect(outages).toHaveLength(1);
        expect(Math.abs((outages[0]?.[0] ?? 0) - from)).toBeLessThan(2);
        expect(Math.abs((outages[0]?.[1] ?? 0) - until)).toBeLessThan(3);
      } else {
        const inTheMiddle = capacityAt(from + 0.75 * minutes);
        expect(inTheMiddle).toBeGreaterThanOrEqual(level / 2);
        expect(inTheMiddle).toBeLessThanOrEqual(level * 2);
      }
    }),
    { numRuns: 5, seed: 11 },
  );
});
