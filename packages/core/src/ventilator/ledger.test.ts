import { demoProvider } from "@sluice/testing/demo-provider";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { beforeEach, describe, expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import type { Invocation } from "../ports/worker-invoker.ts";
import { MESSAGE_VERSION, messageBody } from "../records/message.ts";
import { readRunStatus } from "../runs/run-status.ts";
import { createMemoryHistoryStore } from "../storage/memory-history-store.ts";
import { createMemoryRunStore } from "../storage/memory-run-store.ts";
import type { WorkerRequest } from "../worker/request.ts";

const ok = (request: WorkerRequest): Invocation => reply(request, { kind: "ok", latencyMs: 12 });
const rejected = (request: WorkerRequest): Invocation =>
  reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" });

let harness: VentilatorHarness;
beforeEach(() => {
  harness = createVentilatorHarness(ok);
});

async function openRun(plannedCount: number, runId = "run"): Promise<void> {
  const { clock, runs } = harness;
  const createdAtMs = clock.nowMs();
  const names = { runId, correlationId: runId, lane: "records" } as const;
  await runs.open({ ...names, createdAtMs, plannedCount, digest: "", isSealed: true });
}

function message(
  number: number,
  changes: Partial<ReceivedMessage> = {},
  more: { readonly runId?: string; readonly expiresAtMs?: number } = {},
): ReceivedMessage {
  const recordId = `r${number}`;
  const names = { provider: "demo", runId: "run", correlationId: "c", recordId, number, ...more };
  const messageId = `message-${more.runId ?? "run"}-${number}`;
  return messageFor(recordId, {
    messageId,
    body: messageBody({ version: MESSAGE_VERSION, ...names }),
    ...changes,
  });
}

const countsOf = async (runId = "run") => {
  const { counts, open, state } =
    (await readRunStatus(runId, { ...harness, history: createMemoryHistoryStore() })) ?? {};
  return {
    ...Object.fromEntries(Object.entries(counts ?? {}).filter(([, count]) => count > 0)),
    open,
    state,
  };
};
const told = () => harness.announcements.map(({ kind }) => kind);

describe("a record's end is noted in its run", () => {
  test("when it is fetched; the last one completes the run, which is told of", async () => {
    await openRun(2);
    expect(await harness.run([message(0)])).toEqual([]);
    expect(await countsOf()).toEqual({ fetched: 1, open: 1, state: "open" });
    await harness.run([message(1)]);
    expect(await countsOf()).toEqual({ fetched: 2, open: 0, state: "completed" });
    expect(told()).toEqual(["Run Completed"]);
    expect(harness.announcements[0]?.detail).toMatchObject({
      runId: "run",
      accepted: 2,
      fetched: 2,
      lost: [],
    });
  });

  test("as fetched before, if another run was first, and as fetched, if its own message comes again", async () => {
    await openRun(1);
    await openRun(1, "other");
    await harness.run([message(0)]);
    await harness.run([message(0, {}, { runId: "other" })]);
    await harness.run([message(0)]);
    expect(await countsOf()).toMatchObject({ fetched: 1, open: 0 });
    expect(await countsOf("other")).toMatchObject({ fetchedBefore: 1, open: 0, state: "completed" });
  });

  test("as dead with its cause, which is told of", async () => {
    harness = createVentilatorHarness(rejected);
    await harness.otherFetched();
    await openRun(1);
    for (let rejections = 0; rejections < 2; rejections += 1) await harness.run([message(0)]);
    expect(await countsOf()).toEqual({ dead: 1, open: 0, state: "completed" });
    expect(told()).toEqual(["Record Dead", "Run Completed"]);
    expect(await Array.fromAsync(harness.runs.lost("run"))).toMatchObject([
      { number: 0, recordId: "r0", end: "dead", cause: expect.stringContaining("HTTP 404") },
    ]);
  });

  test("not if its message has no number: a scheduler without a ledger sent it", async () => {
    expect(await harness.run([messageFor("a")])).toEqual([]);
    expect(await Array.fromAsync(harness.runs.parts("run"))).toEqual([]);
  });

  test.each([
    ["of many", 2],
    ["of one", 1],
  ])(
    "before its message goes: while the table can't be had for that, it is handed back, in a run %s",
    async (_, count) => {
      const memory = createMemoryRunStore();
      let isAway = true;
      const unlessAway =
        <Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
        async (...given: Given) => {
          if (isAway) throw new Unreachable("the table", "away");
          return call(...given);
        };
      const writes = { mark: unlessAway(memory.mark), complete: unlessAway(memory.complete) };
      harness = createVentilatorHarness(ok, { runs: { ...memory, ...writes } });
      await openRun(count);
      expect(await harness.run([message(0)])).toEqual(["message-run-0"]);
      expect(await countsOf()).toEqual({ open: count, state: "open" });
      isAway = false;
      expect(await harness.run([message(0)])).toEqual([]);
      expect(harness.starts).toHaveLength(1);
      expect(await countsOf()).toMatchObject({ fetched: 1, open: count - 1 });
    },
  );
});

describe("a record that is not wanted any more", () => {
  test("of a cancelled run is not started, and needs no permit", async () => {
    await openRun(2);
    await harness.runs.cancel("run", harness.clock.nowMs());
    await harness.permitItems.hold(0, harness.clock.nowMs() + 3_600_000);
    expect(await harness.run([message(0), message(1)])).toEqual([]);
    expect(harness.starts).toEqual([]);
    expect(await countsOf()).toEqual({ cancelled: 2, open: 0, state: "completed" });
  });

  test("is not started in a batch under way either, within five seconds", async () => {
    harness = createVentilatorHarness(async (request) => {
      await harness.runs.cancel("run", harness.clock.nowMs());
      harness.clock.advance(3_100);
      return ok(request);
    });
    await openRun(3);
    await harness.run([message(0), message(1), message(2)]);
    expect(harness.starts).toHaveLength(1);
    expect(await countsOf()).toMatchObject({ fetched: 1, cancelled: 2 });
  });

  test("is fetched for another run that wants it", async () => {
    await openRun(1);
    await openRun(1, "other");
    await harness.runs.cancel("run", harness.clock.nowMs());
    await harness.run([message(0), message(0, {}, { runId: "other" })]);
    expect(await countsOf()).toMatchObject({ cancelled: 1 });
    expect(await countsOf("other")).toMatchObject({ fetched: 1 });
  });

  test("after its deadline is expired, and says so", async () => {
    await openRun(2);
    const expiresAtMs = harness.clock.nowMs() + 1_000;
    await harness.run([message(0, {}, { expiresAtMs })]);
    harness.clock.advance(1_000);
    await harness.run([message(1, {}, { expiresAtMs })]);
    expect(await countsOf()).toEqual({ fetched: 1, expired: 1, open: 0, state: "completed" });
    expect(await Array.fromAsync(harness.runs.lost("run"))).toMatchObject([
      {
        recordId: "r1",
        end: "expired",
        cause: `it was not started by ${new Date(expiresAtMs).toISOString()}`,
      },
    ]);
  });

  test("that is older than its lane allows is expired, whatever its run says", async () => {
    const provider = demoProvider({ maxAgeMs: { express: 60_000 } });
    harness = createVentilatorHarness(ok, { provider });
    await openRun(3);
    const sentAtMs = harness.clock.nowMs() - 60_000;
    const expiresAtMs = harness.clock.nowMs() + 3_600_000;
    await harness.run([message(0, { sentAtMs }, { expiresAtMs })], { isUrgent: true });
    await harness.run([message(1, { sentAtMs: sentAtMs + 1 })], { isUrgent: true });
    await harness.run([message(2, { sentAtMs })]);
    expect(harness.starts.map(({ recordId }) => recordId)).toEqual(["r1", "r2"]);
    expect(await countsOf()).toMatchObject({ fetched: 2, expired: 1 });
  });

  test("counts as fetched all the same, if it was, and nobody had said so", async () => {
    await openRun(1);
    await harness.run([message(0)]);
    harness = { ...harness };
    const { runs } = createVentilatorHarness(ok);
    const created = await harness.runs.read("run");
    if (created !== undefined) await runs.open(created);
    await runs.cancel("run", harness.clock.nowMs());
    const later = createVentilatorHarness(ok, { fetches: harness.deps.fetches, runs });
    harness = later;
    expect(await later.run([message(0)])).toEqual([]);
    expect(await countsOf()).toMatchObject({ fetched: 1 });
  });

  test("is fetched if somebody has put its dead letter back", async () => {
    await openRun(1);
    await harness.runs.cancel("run", harness.clock.nowMs());
    await harness.run([message(0, { isRedriven: true })]);
    expect(harness.starts).toHaveLength(1);
    expect(await countsOf()).toMatchObject({ fetched: 1 });
  });
});
