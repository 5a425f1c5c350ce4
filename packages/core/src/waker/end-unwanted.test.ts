import { createMemoryQueue, type MemoryQueue } from "@sluice/testing/memory-queue";
import { createVentilatorHarness, reply } from "@sluice/testing/ventilator-harness";
import { expect, test, vi } from "vitest";
import { Unreachable } from "../errors.ts";
import type { RunStore } from "../ports/run-store.ts";
import { byLane } from "../provider/lane.ts";
import { MESSAGE_VERSION, messageBody } from "../records/message.ts";
import { readRunStatus } from "../runs/run-status.ts";
import { createMemoryHistoryStore } from "../storage/memory-history-store.ts";
import { createMemoryRunStore } from "../storage/memory-run-store.ts";
import { endUnwantedOf } from "./end-unwanted.ts";
import { receiveCandidates } from "./receive-candidates.ts";

const RUN = { runId: "run", correlationId: "run", lane: "records" } as const;

/** A queue with expired records of a run, and behind them one that is wanted; all of them received. */
async function received(expiredCount: number, store: RunStore = createMemoryRunStore()) {
  const harness = createVentilatorHarness((request) => reply(request, { kind: "ok", latencyMs: 1 }), {
    runs: store,
  });
  const { clock, runs, deps } = harness;
  const nowMs = clock.nowMs();
  await runs.open({
    ...RUN,
    createdAtMs: nowMs,
    plannedCount: expiredCount + 1,
    digest: "",
    isSealed: true,
  });
  const records = createMemoryQueue(clock.nowMs);
  for (let number = 0; number <= expiredCount; number += 1) {
    const recordId = `r${number}`;
    const expiresAtMs = number < expiredCount ? nowMs : nowMs + 3_600_000;
    const { runId, correlationId } = RUN;
    await records.send([
      {
        body: messageBody({
          version: MESSAGE_VERSION,
          provider: "demo",
          runId,
          correlationId,
          recordId,
          number,
          expiresAtMs,
        }),
        groupId: recordId,
        deduplicationId: recordId,
      },
    ]);
  }
  const probeDeps = {
    ...deps,
    queues: byLane((lane) => (lane === "records" ? records : createMemoryQueue())),
  };
  const { candidates } = await receiveCandidates(probeDeps, 0);
  const countsOf = async () => {
    const status = await readRunStatus(RUN.runId, { ...harness, history: createMemoryHistoryStore() });
    return { expired: status?.counts.expired, open: status?.open };
  };
  return { harness, records, candidates, probeDeps, countsOf, untilMs: nowMs + 120_000 };
}

/** Tells how many messages were being deleted at once, at the most. */
function watchDeletes(queue: MemoryQueue): () => number {
  let [now, most] = [0, 0];
  const remove = queue.delete.bind(queue);
  vi.spyOn(queue, "delete").mockImplementation(async (handle) => {
    now += 1;
    most = Math.max(most, now);
    await remove(handle);
    now -= 1;
  });
  return () => most;
}

test("what nobody wants is ended ten at a time, and the record behind it is left", async () => {
  const { records, candidates, probeDeps, countsOf, untilMs } = await received(25);
  expect(candidates).toHaveLength(26);
  const deletedAtOnce = watchDeletes(records);
  const left = await endUnwantedOf(candidates, probeDeps, untilMs);
  expect(left.map(({ standing }) => standing)).toEqual(["fresh"]);
  expect(deletedAtOnce()).toBe(10);
  expect(records.entries).toHaveLength(1);
  expect(await countsOf()).toEqual({ expired: 25, open: 1 });
});

test("what can't be noted is handed back, and is not acknowledged", async () => {
  const { records, candidates, probeDeps, countsOf, untilMs } = await received(3);
  const ledger = {
    ...probeDeps.ledger,
    note: async () => {
      throw new Unreachable("the table", new Error("away"));
    },
  };
  const left = await endUnwantedOf(candidates, { ...probeDeps, ledger }, untilMs);
  expect(left.map(({ standing }) => standing)).toEqual(["fresh"]);
  expect(records.entries).toHaveLength(4);
  expect(records.changes).toHaveLength(3);
  expect(await countsOf()).toEqual({ expired: 0, open: 4 });
});

test("a queue that can't be had costs nothing: the messages come again", async () => {
  const { records, candidates, probeDeps, countsOf, untilMs } = await received(2);
  records.failNext(2);
  await endUnwantedOf(candidates, probeDeps, untilMs);
  expect(records.entries).toHaveLength(3);
  expect(await countsOf()).toEqual({ expired: 2, open: 1 });
});

test("a ledger that can't be had keeps the probe waiting for seconds, and all that is left comes again", async () => {
  const store: RunStore = {
    ...createMemoryRunStore(),
    mark: async () => {
      throw new Unreachable("the table", new Error("throttled"));
    },
  };
  const { harness, records, candidates, probeDeps, untilMs } = await received(25, store);
  const startedAtMs = harness.clock.nowMs();
  const left = await endUnwantedOf(candidates, probeDeps, untilMs);
  expect(harness.clock.nowMs() - startedAtMs).toBeLessThan(6_000);
  expect(left.map(({ standing }) => standing)).toContain("fresh");
  expect(left.length + records.changes.length).toBe(26);
  expect(records.entries).toHaveLength(26);
});

test("a slow table costs no more than the time for it: what is left is passed over", async () => {
  const { harness, records, candidates, probeDeps, countsOf } = await received(25);
  const fetches: typeof probeDeps.fetches = {
    ...probeDeps.fetches,
    async get(key) {
      await harness.clock.sleep(1_000);
      return probeDeps.fetches.get(key);
    },
  };
  const untilMs = harness.clock.nowMs() + 15_000;
  const left = await endUnwantedOf(candidates, { ...probeDeps, fetches }, untilMs);
  expect(left).toHaveLength(6);
  expect(records.entries).toHaveLength(6);
  expect(await countsOf()).toEqual({ expired: 20, open: 6 });
});
