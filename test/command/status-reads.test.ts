import {
  accessProvider,
  createOperatorClients,
  type EmulatorEndpoints,
  type OperatorClients,
} from "@sluice/aws/operator-access";
import { systemClock } from "@sluice/aws/system-clock";
import { namesOf } from "@sluice/core/provider";
import { createSchedulerStores } from "@sluice/core/storage";
import { createVirtualTable, type TableRequest, type VirtualTable } from "@sluice/sim/cloud/dynamodb";
import { demoProvider } from "@sluice/testing/demo-provider";
import { quietSnapshot } from "@sluice/testing/quiet-snapshot";
import { silentLog } from "@sluice/testing/silent-log";
import { expect, test } from "vitest";
import { typeAmong } from "../../packages/cli/src/fakes/desk.ts";

const ENVIRONMENT = "production";
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NOBODY = "http://127.0.0.1:1";
const NOWHERE: EmulatorEndpoints = { sqs: NOBODY, dynamodb: NOBODY, lambda: NOBODY };
/** A night of a provider: the minutes that its waker has seen, and the most that a status may take. */
const NIGHTS = [
  { what: "that has been here for days", hasMidnight: true, roundsMax: 3, readsMax: 15 },
  // Its day's counts begin with its first minute, which is looked for in all days that are kept.
  { what: "that is new", hasMidnight: false, roundsMax: 4, readsMax: 30 },
];

/** Requests to all tables, none of which is answered before nothing else is left to be asked. */
function createRounds() {
  const requests: TableRequest[] = [];
  let waiting: (() => void)[] = [];
  let count = 0;

  function answerAll(): void {
    count += 1;
    const answered = waiting;
    waiting = [];
    for (const answer of answered) answer();
  }

  return {
    requests: (): readonly TableRequest[] => requests,
    count: () => count,
    async join(request: TableRequest): Promise<void> {
      requests.push(request);
      if (waiting.length === 0) setImmediate(answerAll);
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

/** A table with a provider in the middle of a night. */
async function createBusyTable(id: string, hasMidnight: boolean): Promise<VirtualTable> {
  const table = createVirtualTable({ name: namesOf(ENVIRONMENT, id).table });
  const nowMs = systemClock.nowMs();
  const { history, runs } = createSchedulerStores(table, id, systemClock.nowMs);
  const quotas = [{ requests: 50_000, per: "day" } as const, { requests: 600, per: "minute" } as const];
  await history.putContract(demoProvider({ id, quotas }));
  const seenAtMs = [nowMs - 2 * MINUTE_MS, nowMs - MINUTE_MS];
  if (hasMidnight) seenAtMs.push(Math.floor(nowMs / DAY_MS) * DAY_MS);
  for (const atMs of seenAtMs) await history.append(quietSnapshot(atMs));
  const run = { runId: "tonight", correlationId: "tonight", lane: "records", createdAtMs: nowMs } as const;
  await runs.open({ ...run, plannedCount: 2, digest: "any", isSealed: true });
  await runs.watch("tonight");
  return table;
}

/** What `status` of so many providers asks DynamoDB for, and answers. */
async function statusOf(providerCount: number, hasMidnight: boolean) {
  const ids = Array.from({ length: providerCount }, (_, nth) => `provider-${nth}`);
  const tables = new Map<string, VirtualTable>();
  for (const id of ids) tables.set(namesOf(ENVIRONMENT, id).table, await createBusyTable(id, hasMidnight));
  const rounds = createRounds();
  const clients: OperatorClients = {
    ...createOperatorClients(NOWHERE),
    tableNamed(name) {
      const table = tables.get(name);
      if (table === undefined) throw new Error(`no table ${name}`);
      return table.through(async (request, apply) => {
        await rounds.join(request);
        return apply();
      });
    },
  };
  const providers = {
    listProviders: async () => ids,
    connect: async ({ provider = "" }) => ({
      ...(await accessProvider(
        provider,
        { environment: ENVIRONMENT, clients },
        silentLog,
        async () => undefined,
      )),
      place: { kind: "aws", environment: ENVIRONMENT, isNamed: true } as const,
      nameOperator: async () => "anna",
    }),
  };
  const typed = await typeAmong(providers, "status --json", systemClock);
  const operations = rounds.requests().map(({ operation }) => operation);
  return { typed, operations, roundCount: rounds.count() };
}

test.each(NIGHTS)(
  "status of fifty providers takes no more waits than that of two, and of each a handful of small reads: one $what",
  async ({ hasMidnight, roundsMax, readsMax }) => {
    const two = await statusOf(2, hasMidnight);
    const fifty = await statusOf(50, hasMidnight);
    expect(fifty.typed.code, fifty.typed.err).toBe(0);
    const seen = JSON.parse(fifty.typed.out);
    expect(seen).toHaveLength(50);
    for (const { progress } of seen) {
      const quotas = [{ per: "day" }, { per: "minute" }];
      expect(progress).toMatchObject({ today: { isWhole: true }, openRuns: { count: 1 }, quotas });
    }
    expect(fifty.roundCount).toBe(two.roundCount);
    // With 100 ms each they leave most of three seconds for the start of the command.
    expect(fifty.roundCount).toBeLessThanOrEqual(roundsMax);
    expect(fifty.operations).toHaveLength(25 * two.operations.length);
    expect(two.operations.length / 2).toBeLessThanOrEqual(readsMax);
    expect(new Set(fifty.operations)).toEqual(new Set(["GetItem", "Query"]));
  },
);
