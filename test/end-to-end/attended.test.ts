import { fileURLToPath } from "node:url";
import { GetEventSourceMappingCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { createLambdaValve } from "@sluice/aws/lambda-valve";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import type { BreakerEvent, Fetch } from "@sluice/core/ports";
import { byLane, parseProvider, providerDay } from "@sluice/core/provider";
import { createScheduler } from "@sluice/core/scheduler";
import {
  createEventStore,
  createFetchStore,
  createPermitItems,
  createSchedulerStores,
} from "@sluice/core/storage";
import {
  type Cloud,
  type Deployment,
  type DeployOptions,
  deploy,
  readDeadLetters,
  startCloud,
} from "@sluice/local/cloud";
import { attend } from "@sluice/local/dev";
import type { FunctionStats } from "@sluice/local/lambda";
import { afterAll, beforeAll, expect, test } from "vitest";

const WAIT = { timeout: 40_000, interval: 50 };
const STUB = fileURLToPath(new URL("../support/detached-stub.ts", import.meta.url));
const NOTHING_QUEUED = { visibleCount: 0, inFlightCount: 0 };

const provider = parseProvider(
  {
    id: "debugged",
    maxConcurrency: 4,
    slowAfterMs: 1_000,
    timeoutMs: 2_000,
    latency: { medianMs: 100, sigma: 0, minMs: 1, maxMs: 200 },
    maxAttempts: 20,
    // A record votes twice at most: others have their turn before it comes again.
    backOff: { firstMs: 10_000, maxMs: 10_000 },
    worker: { name: "demo", environment: { LATENCY_MIN_MS: "100", LATENCY_MAX_MS: "100" } },
    ventilator: { timeoutMs: 10_000 },
  },
  "in a test",
);

let cloud: Cloud;
/** What functions have printed. */
const lines: string[] = [];
/** The same, by the name of the function: what one prints last may come after its answer. */
const linesOf = new Map<string, string[]>();
beforeAll(async () => {
  cloud = await startCloud({ valveDelayMs: 0, onLog: noteLine });
});

function noteLine(functionName: string, line: string): void {
  lines.push(line);
  linesOf.set(functionName, [...(linesOf.get(functionName) ?? []), line]);
}

afterAll(async () => {
  await cloud.stop(0);
});

/** A deployment with so many records in its queue. */
async function deployWith(recordCount: number, options: DeployOptions): Promise<Deployment> {
  const deployment = await deploy(cloud, provider, options);
  const stores = createSchedulerStores(deployment.table, provider.id, systemClock.nowMs);
  const deps = { clock: systemClock, ids: systemIds, random: systemRandom };
  const scheduler = createScheduler(provider, { queues: deployment.queues, ...stores, ...deps });
  await scheduler.enqueue(Array.from({ length: recordCount }, (_, index) => `record-${index}`));
  return deployment;
}

async function setEnabled({ mappings }: Deployment, Enabled: boolean): Promise<void> {
  await Promise.all(
    mappings.map((UUID) => cloud.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }))),
  );
}

async function mappingsOf({ mappings }: Deployment) {
  return Promise.all(
    mappings.map((UUID) => cloud.clients.lambda.send(new GetEventSourceMappingCommand({ UUID }))),
  );
}

async function statesOf(deployment: Deployment): Promise<unknown[]> {
  return (await mappingsOf(deployment)).map(({ State }) => State);
}

function statsOf(functionName: string | undefined): FunctionStats | undefined {
  return cloud.lambdaService.lambda.stats().get(functionName ?? "");
}

/** Messages that the mappings have deleted. */
function deletedCount({ mappings }: Deployment): number {
  const stats = mappings.map((uuid) => cloud.lambdaService.mappings.find(uuid)?.stats());
  return stats.reduce((sum, each) => sum + (each?.messagesDeleted ?? 0), 0);
}

async function queuedCount({ queues }: Deployment): Promise<number> {
  const { visibleCount, inFlightCount } = await queues.records.depth();
  return visibleCount + inFlightCount;
}

function rowsOf({ table }: Deployment): Promise<Fetch[]> {
  const day = providerDay(provider.timeZone, Date.now());
  return Array.fromAsync(createFetchStore(table).list(provider.id, day));
}

function eventsOf({ table }: Deployment): Promise<BreakerEvent[]> {
  return Array.fromAsync(createEventStore(table, provider.id, Date.now).list(0));
}

test("while a developer is attached, records flow; no longer when the developer is gone", async () => {
  const deployment = await deployWith(6, { environment: "attended", mode: "attended", wakeEveryMs: 50 });
  expect(await statesOf(deployment)).toEqual(["Disabled", "Disabled"]);
  const mapped = (await mappingsOf(deployment)).map(({ EventSourceArn = "" }) => EventSourceArn);
  const valves = byLane((lane) => {
    const queueArn = mapped.find((arn) => arn.endsWith(`:${deployment.plan.names.queues[lane]}`));
    if (queueArn === undefined) throw new Error(`no mapping was deployed for ${lane}`);
    return createLambdaValve(cloud.clients.lambda, {
      functionName: deployment.plan.names.relay,
      queueArn,
    });
  });
  const departure = new AbortController();
  const attending = attend({
    valves,
    clock: systemClock,
    departure: departure.signal,
    say() {},
  });
  await expect.poll(() => deployment.queues.records.depth(), WAIT).toEqual(NOTHING_QUEUED);
  const rows = await rowsOf(deployment);
  expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(Array(6).fill(["fetched", 1]));
  expect(statsOf(deployment.plan.names.waker)?.invocationCount).toBe(0);
  departure.abort();
  expect(await attending).toBe(true);
  await expect.poll(() => statesOf(deployment), WAIT).toEqual(["Disabled", "Disabled"]);
});

test("nobody is attached to the ventilator: no message is lost, and the mapping is shut", async () => {
  const options = { environment: "detached", mode: "attended", stubs: { ventilator: STUB } } as const;
  const deployment = await deployWith(5, options);
  await setEnabled(deployment, true);
  const { relay } = deployment.plan.names;
  await expect.poll(() => statsOf(relay)?.invocationCount, WAIT).toBeGreaterThan(0);
  await expect.poll(async () => (await statesOf(deployment))[0], WAIT).toBe("Disabled");
  await expect.poll(() => statsOf(relay)?.runningCount, WAIT).toBe(0);
  expect(await queuedCount(deployment)).toBe(5);
  expect(deletedCount(deployment)).toBe(0);
  expect(await rowsOf(deployment)).toEqual([]);
});

test("without the relay the stub's answer deletes messages that nobody has fetched", async () => {
  const deployment = await deployWith(5, { environment: "unrelayed", stubs: { ventilator: STUB } });
  await expect.poll(() => deletedCount(deployment), WAIT).toBe(5);
  expect(await deployment.queues.records.depth()).toEqual(NOTHING_QUEUED);
  expect(await rowsOf(deployment)).toEqual([]);
  expect(await readDeadLetters(cloud.clients.sqs, deployment.deadLetterQueueUrl)).toEqual([]);
});

test("nobody is attached to the worker: records are handed back, and no attempt counts", async () => {
  lines.length = 0;
  const variables = { POWERTOOLS_LOG_LEVEL: "DEBUG" };
  const options = { environment: "workless", mode: "attended", stubs: { worker: STUB }, variables } as const;
  const deployment = await deployWith(4, options);
  await setEnabled(deployment, true);
  await expect.poll(async () => (await rowsOf(deployment)).length, WAIT).toBe(4);
  await setEnabled(deployment, false);
  const ends = async () =>
    (await rowsOf(deployment)).map(({ status, attempts, history }) => [status, attempts, history.length]);
  await expect.poll(ends, WAIT).toEqual(Array(4).fill(["failed", 0, 0]));
  const outcomes = lines.flatMap((line) => (line.includes("attempt ended") ? [JSON.parse(line).kind] : []));
  expect(new Set(outcomes)).toEqual(new Set(["unavailable"]));
  expect(await queuedCount(deployment)).toBe(4);
  expect(deletedCount(deployment)).toBe(0);
});

test("a worker that only fails never trips the breaker, which just says that it would; two run at a time", async () => {
  lines.length = 0;
  const options = {
    environment: "failing",
    mode: "attended",
    variables: { ERROR_PERCENTAGE: "100" },
  } as const;
  const deployment = await deployWith(30, options);
  // As a deployment may have left it that was governed: no waker would ever open it.
  const items = createPermitItems(deployment.table, provider.id);
  await items.setControl(0, { phase: "open", limit: 1, epoch: 7 });
  await setEnabled(deployment, true);
  const advice = async () => (await eventsOf(deployment)).filter(({ kind }) => kind === "advice");
  await expect.poll(async () => (await advice()).length, WAIT).toBeGreaterThan(1);
  expect((await advice())[0]?.summary).toMatch(/^would: tripped: outage .*: limit 2 → open$/);
  const decisions = (await eventsOf(deployment)).filter(({ kind }) => kind !== "advice");
  expect(decisions.map(({ summary }) => summary)).toEqual([
    "the state was lost: begun afresh (epoch 8): limit 2 → limit 2",
  ]);
  expect(await items.read(0)).toMatchObject({ phase: "closed", limit: 2, epoch: 8 });
  expect(await statesOf(deployment)).toEqual(["Enabled", "Enabled"]);
  // The mappings are not the ventilator's to turn: it would find none.
  const printed = linesOf.get(deployment.plan.names.ventilator) ?? [];
  expect(printed.length).toBeGreaterThan(0);
  expect(printed.filter((line) => line.includes('"level":"ERROR"'))).toEqual([]);
  expect(statsOf(deployment.plan.names.worker)?.coldStartCount).toBeLessThanOrEqual(2);
  await setEnabled(deployment, false);
});
