import { demoProvider } from "@sluice/testing/demo-provider";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import type { FetchStore, Waiting } from "../ports/fetch-store.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { Invocation } from "../ports/worker-invoker.ts";
import { MESSAGE_VERSION, messageBody } from "../records/message.ts";
import { createMemoryFetchStore } from "../storage/memory-fetch-store.ts";
import { createMemoryRunStore } from "../storage/memory-run-store.ts";
import type { WorkerRequest } from "../worker/request.ts";

const provider = demoProvider({ maxConcurrency: 3 });
const ok = (request: WorkerRequest): Invocation => reply(request, { kind: "ok", latencyMs: 12 });
/** Lets all that is under way run to its next wait. */
const settled = () => new Promise(setImmediate);

function message(runId: string, changes: Partial<ReceivedMessage> = {}): ReceivedMessage {
  const names = { provider: "demo", runId, correlationId: runId, recordId: "a", number: 0 };
  const body = messageBody({ version: MESSAGE_VERSION, ...names });
  return messageFor("a", { messageId: runId, receiptHandle: runId, body, ...changes });
}

/** A store of records that counts who joins. */
function watchedFetches(): { fetches: FetchStore; joined: Waiting[] } {
  const memory = createMemoryFetchStore();
  const joined: Waiting[] = [];
  const fetches: FetchStore = {
    ...memory,
    async join(key, attemptId, waiting) {
      joined.push(waiting);
      return memory.join(key, attemptId, waiting);
    },
  };
  return { fetches, joined };
}

interface Plan {
  /** The end of the call that the bulk has made. */
  readonly end?: (request: WorkerRequest) => Invocation;
  /** Runs that ask for the record during this call, and after it. */
  readonly runIds?: readonly string[];
  readonly isUrgent?: boolean;
  readonly runs?: RunStore;
  readonly fetches?: FetchStore;
}

/** Lets runs ask for a record while the bulk's call of it is under way. */
async function runMeanwhile({
  end = ok,
  runIds = ["user"],
  isUrgent = true,
  runs = createMemoryRunStore(),
  fetches = createMemoryFetchStore(),
}: Plan) {
  const ask = async () => {
    for (const runId of runIds) expect(await harness.run([message(runId)], { isUrgent })).toEqual([runId]);
  };
  const harness: VentilatorHarness = createVentilatorHarness(
    async (request) => {
      if (request.runId !== "bulk" || harness.starts.length > 1) return ok(request);
      await ask();
      return end(request);
    },
    { provider, runs, fetches },
  );
  const plan = { plannedCount: 1, digest: "", isSealed: true, createdAtMs: harness.clock.nowMs() };
  await runs.open({ ...plan, runId: "bulk", correlationId: "bulk", lane: "records" });
  for (const runId of runIds) await runs.open({ ...plan, runId, correlationId: runId, lane: "express" });
  const handedBack = await harness.run([message("bulk")]);
  const endOf = async (runId: string) => (await runs.read(runId))?.completion?.counts;
  const told = () => harness.announcements.map(({ detail }) => detail.runId);
  return { harness, handedBack, endOf, told };
}

test("an express run for a record that the bulk is fetching ends with that call, before its message comes again", async () => {
  const { harness, handedBack, endOf, told } = await runMeanwhile({ runIds: ["user", "other"] });
  expect(handedBack).toEqual([]);
  expect(await endOf("user")).toMatchObject({ fetchedBefore: 1, fetched: 0 });
  expect(await endOf("other")).toMatchObject({ fetchedBefore: 1, fetched: 0 });
  expect(await endOf("bulk")).toMatchObject({ fetched: 1 });
  expect(await harness.run([message("user", { receiveCount: 2 })], { isUrgent: true })).toEqual([]);
  expect(await endOf("user")).toMatchObject({ fetchedBefore: 1 });
  expect(told().toSorted()).toEqual(["bulk", "other", "user"]);
  expect(harness.starts).toHaveLength(1);
});

test("it ends with the call, not with the batch of it", async () => {
  const runs = createMemoryRunStore();
  const opened = (runId: string, lane: "records" | "express", plannedCount: number) =>
    runs.open({
      runId,
      correlationId: runId,
      lane,
      plannedCount,
      digest: "",
      isSealed: true,
      createdAtMs: 0,
    });
  let endedMeanwhile: boolean | undefined;
  const harness: VentilatorHarness = createVentilatorHarness(
    async (request) => {
      if (request.recordId === "a") await harness.run([message("user")], { isUrgent: true });
      else {
        await settled();
        endedMeanwhile = (await runs.read("user"))?.completion !== undefined;
      }
      return ok(request);
    },
    { provider, runs },
  );
  await opened("bulk", "records", 2);
  await opened("user", "express", 1);
  await harness.run([message("bulk"), messageFor("b")]);
  expect(endedMeanwhile).toBe(true);
});

test("one that nobody tells learns of the end when its message comes again", async () => {
  const memory = createMemoryRunStore();
  let isAway = true;
  const complete: RunStore["complete"] = async (runId, completion) => {
    if (runId === "user" && isAway) throw new Unreachable("the table", "away");
    return memory.complete(runId, completion);
  };
  const { harness, handedBack, endOf } = await runMeanwhile({ runs: { ...memory, complete } });
  expect(handedBack).toEqual([]);
  expect([await endOf("user"), await endOf("bulk")]).toMatchObject([undefined, { fetched: 1 }]);
  isAway = false;
  expect(await harness.run([message("user")], { isUrgent: true })).toEqual([]);
  expect(await endOf("user")).toMatchObject({ fetchedBefore: 1 });
});

test.each<[string, (request: WorkerRequest) => Invocation, afterMs: number]>([
  ["fails", (request) => reply(request, { kind: "fault", latencyMs: 5, cause: "HTTP 500" }), 0],
  ["is cut off", () => ({ kind: "lost", cause: "no answer" }), 3_600_000],
])("if the call %s, it fetches the record itself, and nobody says otherwise", async (_, end, afterMs) => {
  const { harness, endOf } = await runMeanwhile({ end });
  expect(await endOf("user")).toBeUndefined();
  harness.clock.advance(afterMs);
  expect(await harness.run([message("user")], { isUrgent: true })).toEqual([]);
  expect(await endOf("user")).toMatchObject({ fetched: 1, fetchedBefore: 0 });
  expect(await harness.run([message("bulk")])).toEqual([]);
  expect(await endOf("bulk")).toMatchObject({ fetchedBefore: 1 });
  expect(harness.starts).toHaveLength(2);
});

test("a record that dies is told by the message of each run: somebody may have put its letter back by then", async () => {
  const runs = createMemoryRunStore();
  const harness: VentilatorHarness = createVentilatorHarness(
    async (request) => {
      if (harness.starts.length === 2) await harness.run([message("user")], { isUrgent: true });
      return reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" });
    },
    { provider, runs },
  );
  const plan = { plannedCount: 1, digest: "", isSealed: true, createdAtMs: harness.clock.nowMs() };
  await runs.open({ ...plan, runId: "bulk", correlationId: "bulk", lane: "records" });
  await runs.open({ ...plan, runId: "user", correlationId: "user", lane: "express" });
  await harness.otherFetched();
  for (const _ of [1, 2]) await harness.run([message("bulk")]);
  expect((await runs.read("bulk"))?.completion?.counts).toMatchObject({ dead: 1 });
  expect((await runs.read("user"))?.completion).toBeUndefined();
  expect(await harness.run([message("user")], { isUrgent: true })).toEqual([]);
  expect((await runs.read("user"))?.completion?.counts).toMatchObject({ dead: 1 });
});

test("only who is waited for writes: not the bulk, not the run whose attempt it is, each run once, ten at most", async () => {
  const bulk = watchedFetches();
  await runMeanwhile({ fetches: bulk.fetches, isUrgent: false });
  expect(bulk.joined).toEqual([]);

  const { fetches, joined } = watchedFetches();
  const users = Array.from({ length: 12 }, (_, index) => `user-${index}`);
  await runMeanwhile({ fetches, runIds: ["bulk", ...users.slice(0, 2), ...users] });
  expect(joined.map(({ runId }) => runId)).toEqual(users.slice(0, 10));
});

test("a message of an attempt that has just ended comes at once", async () => {
  const memory = createMemoryFetchStore();
  const fetches: FetchStore = { ...memory, join: async () => "over" };
  const { harness } = await runMeanwhile({ fetches });
  expect(harness.queue.changes).toMatchObject([{ receiptHandle: "user", delayMs: 0 }]);
});
