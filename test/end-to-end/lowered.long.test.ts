import { parseProvider } from "@sluice/core/provider";
import { redeploy } from "@sluice/local/cloud";
import type { LocalRun } from "@sluice/local/start";
import { expect, test, vi } from "vitest";
import { withSteadyLatency } from "../support/contracts.ts";
import { expectAllWell, FAULTY_DAY, runFaultyDay, servedCount, WAIT } from "../support/faulty-day.ts";

test("a deploy that lowers X while all of it is in use", FAULTY_DAY, async () => {
  let mostSinceCount = () => Number.NaN;
  const report = await runFaultyDay({
    args: ["--records", "200"],
    prepared: withSteadyLatency,
    async meanwhile(run) {
      const { cloud, deployment, providerServer } = run;
      await vi.waitFor(() => expect(providerServer.audit.inFlightCount()).toBeGreaterThan(3), WAIT);
      redeploy(cloud, deployment, parseProvider({ ...deployment.provider, maxConcurrency: 3 }, "in a test"));
      await vi.waitFor(() => expect(retiringCount(run)).toBe(0), WAIT);
      expect(servedCount(run)).toBeLessThan(190);
      mostSinceCount = watchMostInFlight(run);
    },
  });
  expectAllWell(report, 200);
  expect(report.maxInFlight).toBeGreaterThan(3);
  expect(mostSinceCount()).toBeGreaterThan(0);
  expect(mostSinceCount()).toBeLessThanOrEqual(3);
});

/** Execution environments that have still got the old contract. */
function retiringCount({ cloud }: LocalRun): number {
  const stats = [...cloud.lambdaService.lambda.stats().values()];
  return stats.reduce((sum, one) => sum + one.retiringCount, 0);
}

/** Tells the most requests in flight of all that start from here on. */
function watchMostInFlight({ providerServer: { audit } }: LocalRun): () => number {
  let mostCount = 0;
  const { started } = audit;
  vi.spyOn(audit, "started").mockImplementation((...args) => {
    const visit = started(...args);
    mostCount = Math.max(mostCount, audit.inFlightCount());
    return visit;
  });
  return () => mostCount;
}
