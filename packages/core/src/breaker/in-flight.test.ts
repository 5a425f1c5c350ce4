import { createBreakerHarness } from "@sluice/testing/breaker-harness";
import { tinyLaw } from "@sluice/testing/tiny-law";
import { expect, test } from "vitest";
import type { Observation } from "../law/law.ts";
import type { Quota } from "../provider/quota.ts";

const X = 8;
const CALLS = { okCount: 10, latencySumMs: 10 * 340 };

/** The calls in flight that the law is told of after a report of ten calls of 340 ms, while all permits are out. */
async function toldInFlight(quotas?: readonly Quota[]): Promise<number | undefined> {
  const told: number[] = [];
  const law = {
    ...tinyLaw,
    decide(...[state, observation, config, nowMs]: Parameters<typeof tinyLaw.decide>) {
      if (observation.kind === "report") told.push((observation satisfies Observation).inFlightCount);
      return tinyLaw.decide(state, observation, config, nowMs);
    },
  };
  const harness = createBreakerHarness();
  const process = harness.start({ law, maxConcurrency: X, ...(quotas && { quotas }) });
  const nowMs = harness.clock.nowMs();
  const leaseUntilMs = nowMs + 60_000;
  const checkOut = await process.permits.checkOut({ wanted: X, holderId: "all", nowMs, leaseUntilMs });
  expect(checkOut).toMatchObject({ kind: "granted", permits: { leases: { length: X } } });
  await harness.report(CALLS);
  await process.breaker.look();
  return told.at(-1);
}

test("all permits that are out are calls in flight where no quota makes them wait", async () => {
  expect(await toldInFlight()).toBe(X);
  expect(await toldInFlight([{ requests: 100_000, per: "minute" }])).toBe(X);
});

test("permits that wait for a turn are no calls in flight: as many are as begin while one lasts, one at the least", async () => {
  expect(await toldInFlight([{ requests: 600, per: "minute" }])).toBe(4);
  expect(await toldInFlight([{ requests: 60, per: "minute" }])).toBe(1);
});
