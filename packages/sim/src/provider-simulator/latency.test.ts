import fc from "fast-check";
import { expect, test } from "vitest";
import { drawLatencyMs } from "./latency.ts";
import { createSeededRandom } from "./seeded-random.ts";

test("every draw is within its ends", () => {
  const latencies = fc.record({
    medianMs: fc.integer({ min: 10, max: 1_000 }),
    sigma: fc.double({ min: 0, max: 3, noNaN: true }),
    minMs: fc.integer({ min: 0, max: 10 }),
    maxMs: fc.integer({ min: 1_000, max: 2_000 }),
  });
  fc.assert(
    fc.property(latencies, fc.integer(), (latency, seed) => {
      const random = createSeededRandom(seed);
      for (let draw = 0; draw < 100; draw += 1) {
        const latencyMs = drawLatencyMs(latency, random);
        expect(latencyMs).toBeGreaterThanOrEqual(latency.minMs);
        expect(latencyMs).toBeLessThanOrEqual(latency.maxMs);
      }
    }),
  );
});

test("half of the draws are below the median, and 84 % below one sigma", () => {
  const latency = { medianMs: 100, sigma: 0.5, minMs: 0, maxMs: 1_000_000 };
  const draws = drawMany(latency, 20_000);
  expect(shareBelow(draws, 100)).toBeCloseTo(0.5, 1.5);
  expect(shareBelow(draws, 100 * Math.exp(0.5))).toBeCloseTo(0.841, 1.5);
});

test("a sigma of 0 is constant", () => {
  expect(new Set(drawMany({ medianMs: 42, sigma: 0, minMs: 1, maxMs: 100 }, 50))).toEqual(new Set([42]));
});

test("a mix draws each part by its share", () => {
  const mix = [
    { share: 0.95, medianMs: 200, sigma: 0 },
    { share: 0.05, medianMs: 20_000, sigma: 0 },
  ];
  const draws = drawMany({ mix, minMs: 5, maxMs: 70_000 }, 20_000);
  expect(new Set(draws)).toEqual(new Set([200, 20_000]));
  expect(shareBelow(draws, 1_000)).toBeCloseTo(0.95, 1.5);
});

function drawMany(latency: Parameters<typeof drawLatencyMs>[0], count: number): number[] {
  const random = createSeededRandom(11);
  return Array.from({ length: count }, () => drawLatencyMs(latency, random));
}

function shareBelow(draws: readonly number[], limitMs: number): number {
  return draws.filter((latencyMs) => latencyMs < limitMs).length / draws.length;
}
