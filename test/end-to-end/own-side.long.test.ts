import { setTimeout as sleep } from "node:timers/promises";
import { createEventStore } from "@sluice/core/storage";
import { reconfigure } from "@sluice/local/lambda";
import type { LocalRun } from "@sluice/local/start";
import { expect, test, vi } from "vitest";
import { having } from "../support/contracts.ts";
import { expectAllWell, FAULT_MS, FAULTY_DAY, runFaultyDay, WAIT } from "../support/faulty-day.ts";

test(
  "a worker that can't be loaded for half a minute, for a bad secret, and then can",
  FAULTY_DAY,
  async () => {
    let requestCount = () => Number.NaN;
    const report = await runFaultyDay({
      args: ["--records", "200", "--pace", "2"],
      prepared: having({ worker: { name: "http-json", secrets: ["ApiToken"] } }),
      async meanwhile(run) {
        requestCount = () => run.providerServer.audit.report().requestCount;
        const worker = run.deployment.plan.worker.name;
        const { lambda } = run.cloud.lambdaService;
        const good = lambda.find(worker)?.environment;
        const bad = JSON.stringify({ value: "of two\nlines" });
        reconfigure(lambda, worker, { environment: { SST_RESOURCE_ApiToken: bad } });
        await Promise.all([sleep(FAULT_MS), vi.waitFor(() => expectHold(run), WAIT)]);
        reconfigure(lambda, worker, { environment: { ...good } });
      },
    });
    expectAllWell(report, 200);
    // A start that never reached the provider would be charged beyond this; calls that a slow machine cut off are in it.
    expect(report.attempts).toBeLessThanOrEqual(requestCount());
  },
);

test(
  "a wrong address from the start, which knows no record, and then the right one",
  FAULTY_DAY,
  async () => {
    const report = await runFaultyDay({
      args: ["--records", "600", "--pace", "2"],
      prepared: having({ worker: { name: "http-json" } }),
      async before(run) {
        const worker = run.deployment.plan.worker.name;
        const { lambda } = run.cloud.lambdaService;
        const good = lambda.find(worker)?.environment;
        const wrong = `${good?.PROVIDER_BASE_URL}/wrong`;
        reconfigure(lambda, worker, { environment: { ...good, PROVIDER_BASE_URL: wrong } });
        return async () => {
          await vi.waitFor(() => expectHold(run), WAIT);
          reconfigure(lambda, worker, { environment: { ...good } });
        };
      },
    });
    expectAllWell(report, 600);
  },
);

/** Expects the breaker to have stopped for the sake of our own side. */
async function expectHold({ deployment: { table, provider }, deployedAtMs }: LocalRun): Promise<void> {
  const events = await Array.fromAsync(createEventStore(table, provider.id, Date.now).list(deployedAtMs));
  expect(events.map(({ kind }) => kind)).toContain("hold");
}
