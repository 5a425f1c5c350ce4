import { expect, test } from "vitest";
import { drawScenario } from "./draw-scenario.ts";

const SEEDS = Array.from({ length: 1_000 }, (_, at) => at + 1);
const SCENARIOS = SEEDS.map(drawScenario);

test("each seed draws a scenario that its file's schema takes, always the same", () => {
  for (const [at, seed] of SEEDS.entries()) expect(drawScenario(seed)).toEqual(SCENARIOS[at]);
});

test.each<[string, (scenario: (typeof SCENARIOS)[number]) => boolean]>([
  ["X is 1", ({ provider }) => provider.maxConcurrency === 1],
  ["X is 300", ({ provider }) => provider.maxConcurrency === 300],
  ["calls are of two kinds", ({ provider }) => "mix" in provider.latency],
  [
    "ten records are all",
    ({ backlog, arrivalsPerMinute }) => backlog === 10 && arrivalsPerMinute[0][1] === 0,
  ],
  ["records trickle in", ({ arrivalsPerMinute: [[, rate]] }) => rate > 0 && rate < 20],
  ["an outage begins in the first second", ({ provider }) => isOutageAtOnce(provider.capacity)],
  ["capacity lies shortly below X", ({ provider }) => hasLevel(provider, 0.5, 0.95)],
  ["nothing is wrong", ({ provider: { capacity, faultRatio } }) => capacity.length + faultRatio.length === 2],
  [
    "calls hang although some are answered",
    ({ provider }) => hangs(provider) && hasLevel(provider, 0.05, 0.95),
  ],
  ["Retry-After is an hour", ({ provider }) => provider.overload.retryAfterSeconds === 3_600],
  [
    "faults and poison go together",
    ({ provider }) => provider.faultRatio.length > 1 && provider.poisonRatio > 0,
  ],
  ["the provider is fragile", ({ provider }) => provider.fragile !== null],
  ["reports get lost", ({ observers }) => observers.lostRatio > 0],
])("some seeds draw one in which %s", (_, is) => {
  expect(SCENARIOS.filter(is).length).toBeGreaterThan(0);
});

test("half of them are well in their last quarter of an hour, and none is of more than 30,000 records twice over", () => {
  const wellCount = SCENARIOS.filter(isWellAtEnd).length;
  expect(wellCount / SCENARIOS.length).toBeGreaterThan(0.5);
  for (const { backlog, arrivalsPerMinute, durationMinutes } of SCENARIOS) {
    expect(backlog).toBeLessThanOrEqual(30_000);
    expect(Math.max(...arrivalsPerMinute.map(([, rate]) => rate)) * durationMinutes).toBeLessThanOrEqual(
      30_001,
    );
  }
});

type Provider = (typeof SCENARIOS)[number]["provider"];

function isOutageAtOnce(capacity: Provider["capacity"]): boolean {
  return capacity.some(([minute, count]) => count === 0 && minute > 0 && minute <= 1 / 60);
}

function hasLevel({ capacity, maxConcurrency }: Provider, from: number, to: number): boolean {
  return capacity.some(
    ([, count]) => count >= from * maxConcurrency && count <= to * maxConcurrency && count > 0,
  );
}

function hangs({ overload }: Provider): boolean {
  return overload.mode === "hang";
}

function isWellAtEnd({ provider, durationMinutes }: (typeof SCENARIOS)[number]): boolean {
  const { capacity, faultRatio, latencyFactor, maxConcurrency } = provider;
  const lastOf = (line: Provider["capacity"]) => line.at(-1) ?? [0, 0];
  const isUsual = (line: Provider["capacity"], usual: number) => {
    const [minute, value] = lastOf(line);
    return value === usual && minute <= durationMinutes - 14;
  };
  return (
    isUsual(capacity, maxConcurrency) && isUsual(faultRatio, faultRatio[0][1]) && isUsual(latencyFactor, 1)
  );
}
