import { expect, test } from "vitest";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import { lawSetupsNamed } from "./laws.ts";
import { idealOf, type LabResult, runCase } from "./run-case.ts";

const SEED = 1;

/** Runs the Sluice law against a provider that bears less than X, and asks for a wait when it refuses. */
async function run(maxConcurrency: number, capacity: number, retryAfterSeconds: number): Promise<LabResult> {
  const [setup] = lawSetupsNamed(["sluice"]);
  if (setup === undefined) throw new TypeError("there is no law sluice");
  // Long calls keep the number of events small; there is more to fetch than can be fetched.
  const medianMs = 6_000;
  const durationMinutes = Math.max(20, (40 * retryAfterSeconds) / 60);
  const scenario = parseScenario(
    {
      name: `${maxConcurrency}-${capacity}-${retryAfterSeconds}`,
      durationMinutes,
      backlog: Math.ceil((maxConcurrency * durationMinutes * 60_000) / medianMs),
      provider: {
        maxConcurrency,
        slowAfterMs: 40_000,
        timeoutMs: 60_000,
        latency: { medianMs, sigma: 0.5, minMs: 50, maxMs: 60_000 },
        capacity: [[0, capacity]],
        overload: { mode: "reject", retryAfterSeconds },
      },
    },
    "a capacity below X",
  );
  const { result } = await runCase({ scenario, setup, seed: SEED, hasTrace: false }, idealOf(scenario, SEED));
  return result;
}

test.each([
  [4, 3, 10],
  [12, 6, 30],
  [12, 11, 60],
  [15, 11, 2],
])(
  "X %i, capacity %i, Retry-After of %i s: the limit is learned from a few refusals",
  async (x, capacity, seconds) => {
    const result = await run(x, capacity, seconds);
    expect(result).toMatchObject({
      boundViolations: 0,
      healthyDeadLettered: 0,
      duplicateFetches: 0,
      trips: 0,
    });
    expect(result.goodput).toBeGreaterThanOrEqual(0.8);
  },
);
