import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import type { Fetch } from "@sluice/core/ports";
import { parseProvider, providerDay } from "@sluice/core/provider";
import { createScheduler, type Scheduler } from "@sluice/core/scheduler";
import { createFetchStore, createSchedulerStores } from "@sluice/core/storage";
import { type Cloud, type Deployment, deploy, readDeadLetters, startCloud } from "@sluice/local/cloud";
import { type ProviderServer, startProviderServer } from "@sluice/local/provider-simulator";
import { parseScenario } from "@sluice/sim/provider-simulator";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const WAIT = { timeout: 60_000, interval: 100 };

const provider = parseProvider(
  {
    id: "tiny",
    timeZone: "Asia/Tokyo",
    maxConcurrency: 2,
    slowAfterMs: 500,
    timeoutMs: 1_000,
    latency: { medianMs: 10, sigma: 0, minMs: 1, maxMs: 100 },
    maxAttempts: 2,
    backOff: { firstMs: 1_000, maxMs: 1_000 },
    breaker: { paceMs: 1_000 },
    worker: { name: "http-json" },
    ventilator: { timeoutMs: 10_000 },
  },
  "in a test",
);

let cloud: Cloud;
let providerServer: ProviderServer;
let deployment: Deployment;
let scheduler: Scheduler;
const lines: string[] = [];

beforeAll(async () => {
  const scenario = parseScenario(
    {
      name: "strict",
      provider: { maxConcurrency: 2, rejectedRatio: 0.5, latency: { medianMs: 10, sigma: 0, minMs: 1 } },
    },
    "in a test",
  );
  providerServer = await startProviderServer({ scenario, seed: 1, timeZone: provider.timeZone });
  cloud = await startCloud({
    valveDelayMs: 0,
    onLog: (functionName, line) => lines.push(`${functionName} ${line}`),
  });
  deployment = await deploy(cloud, provider, {
    environment: "test",
    variables: { PROVIDER_BASE_URL: providerServer.url, POWERTOOLS_LOG_LEVEL: "DEBUG" },
  });
  const { queues, table } = deployment;
  scheduler = createScheduler(provider, {
    queues,
    ...createSchedulerStores(table, provider.id, systemClock.nowMs),
    clock: systemClock,
    ids: systemIds,
    random: systemRandom,
  });
});

afterAll(async () => {
  await cloud.stop(0);
  await providerServer.stop();
});

async function rowsOnceDone(count: number): Promise<readonly Fetch[]> {
  const store = createFetchStore(deployment.table);
  return vi.waitFor(async () => {
    const day = providerDay(provider.timeZone, Date.now());
    const rows = await Array.fromAsync(store.list(provider.id, day));
    const done = rows.filter(({ status }) => status === "fetched" || status === "dead");
    expect(done).toHaveLength(count);
    return done;
  }, WAIT);
}

test("run and correlation id travel through queue, ventilator, worker, logs and table", async () => {
  const ids = Array.from({ length: 12 }, (_, index) => `record-${index}`);
  const { runId } = await scheduler.enqueue(ids, { correlationId: "trace-42" });
  const rows = await rowsOnceDone(12);
  for (const row of rows) expect(row).toMatchObject({ runId, correlationId: "trace-42", attempts: 1 });
  const traced = lines.filter((line) => line.includes('"correlationId":"trace-42"') && line.includes(runId));
  for (const { recordId } of rows) {
    const own = traced.filter((line) => line.includes(`"recordId":"${recordId}"`));
    expect(own.some((line) => line.startsWith("sluice-test-tiny-ventilator "))).toBe(true);
    expect(own.some((line) => line.startsWith("sluice-test-tiny-worker "))).toBe(true);
  }
  const dead = rows.filter(({ status }) => status === "dead");
  expect(dead.length).toBeGreaterThan(0);
  const letters = await readDeadLetters(cloud.clients.sqs, deployment.deadLetterQueueUrl);
  expect(letters.map(({ body }) => JSON.parse(body).recordId).toSorted()).toEqual(
    dead.map(({ recordId }) => recordId).toSorted(),
  );
  for (const { cause } of letters)
    expect(JSON.parse(cause ?? "{}")).toMatchObject({
      cause: expect.stringMatching(/^HTTP 404/),
      attempts: 1,
    });
});

test("messages that are not ours end in the dead-letter queue with their cause, and don't disturb the others", async () => {
  const { queues, deadLetterQueueUrl } = deployment;
  const before = await readDeadLetters(cloud.clients.sqs, deadLetterQueueUrl);
  const foreign = [
    "hello",
    "{",
    '{"version":2}',
    '{"version":1,"provider":"other"}',
    JSON.stringify({ version: 1 }),
  ];
  const entries = foreign.map((body, index) => ({
    groupId: `g${index}`,
    deduplicationId: `foreign-${index}`,
    body,
  }));
  await queues.records.send(entries);
  await vi.waitFor(async () => {
    const letters = await readDeadLetters(cloud.clients.sqs, deadLetterQueueUrl);
    const added = letters.filter(({ body }) => foreign.includes(body));
    expect(letters).toHaveLength(before.length + foreign.length);
    for (const { cause } of added) expect(JSON.parse(cause ?? "{}").cause).toMatch(/\w/);
  }, WAIT);
  await vi.waitFor(async () => {
    expect(await queues.records.depth()).toEqual({ visibleCount: 0, inFlightCount: 0 });
  }, WAIT);
});

test("a record that is enqueued again, in another run and through the other queue, is not fetched again", async () => {
  const servedBefore = providerServer.audit.report().requestCount;
  const row = (await rowsOnceDone(12)).find(({ status }) => status === "fetched");
  await scheduler.enqueue([row?.recordId], { lane: "express" });
  await scheduler.enqueue([row?.recordId]);
  await vi.waitFor(async () => {
    expect(await deployment.queues.express.depth()).toEqual({ visibleCount: 0, inFlightCount: 0 });
    expect(await deployment.queues.records.depth()).toEqual({ visibleCount: 0, inFlightCount: 0 });
  }, WAIT);
  expect(providerServer.audit.report().requestCount).toBe(servedBefore);
});
