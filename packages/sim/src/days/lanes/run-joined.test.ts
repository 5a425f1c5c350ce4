import { expect, test } from "vitest";
import { runJoined } from "./run-joined.ts";

const COUNT = 12;

test.each([
  { maxConcurrency: 1, latencyMs: 5_000, sigma: 0.1 },
  { maxConcurrency: 5, latencyMs: 1_000, sigma: 0.8 },
  { maxConcurrency: 5, latencyMs: 20_000, sigma: 0.1 },
  { maxConcurrency: 20, latencyMs: 20_000, sigma: 0.8 },
])(
  "an express run for a record that the bulk is fetching is told of two seconds after that call, for a receive or two: %o",
  async (provider) => {
    const { requests, violationCount } = await runJoined({ ...provider, count: COUNT }, 1);
    expect(requests.length).toBeGreaterThan(COUNT / 2);
    expect(Math.max(...requests.map(({ toldAfterMs }) => toldAfterMs))).toBeLessThan(2_500);
    expect(Math.max(...requests.map(({ receiveCount }) => receiveCount))).toBeLessThanOrEqual(3);
    expect(requests.every(({ startCount }) => startCount === 1)).toBe(true);
    expect(violationCount).toBe(0);
  },
);
