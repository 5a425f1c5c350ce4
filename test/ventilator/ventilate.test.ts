import { Unreachable } from "@sluice/core/errors";
import type { Invocation } from "@sluice/core/ports/worker-invoker";
import { createMemoryFetchStore } from "@sluice/core/records/memory-fetch-store";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/ventilator/dead-letters";
import type { WorkerRequest } from "@sluice/core/worker/request";
import { expect, test } from "vitest";
import { createRig, messageFor, type Rig, reply } from "./rig.ts";

const ok = (request: WorkerRequest): Invocation => reply(request, { kind: "ok", latencyMs: 12 });

const causeOf = (rig: Rig): unknown =>
  JSON.parse(rig.deadLetters.entries[0]?.attributes?.[DEAD_LETTER_ATTRIBUTE] ?? "null");

test("fetches each record of a batch once and acknowledges it", async () => {
  const rig = createRig(ok);
  expect(await rig.run([messageFor("a"), messageFor("b")])).toEqual([]);
  expect(rig.starts.map(({ recordId, attempt }) => [recordId, attempt])).toEqual([
    ["a", 1],
    ["b", 1],
  ]);
  expect(await rig.rowOf("a")).toMatchObject({ status: "fetched", attempts: 1, runId: "run" });
  expect((await rig.permitItems.read(0)).leases).toEqual([]);
});

test("a record that is fetched already is acknowledged without a start", async () => {
  const rig = createRig(ok);
  await rig.run([messageFor("a")]);
  expect(await rig.run([messageFor("a", { messageId: "again" })])).toEqual([]);
  expect(rig.starts).toHaveLength(1);
});

test("the run and correlation id, the payload and the deadline reach the worker", async () => {
  const rig = createRig(ok);
  const body = JSON.stringify({
    ...JSON.parse(messageFor("a").body),
    payload: { part: 7 },
  });
  const deadlineAtMs = rig.clock.nowMs() + rig.deps.provider.worker.timeoutMs;
  await rig.run([messageFor("a", { body })]);
  const expected = { runId: "run", correlationId: "correlation", payload: { part: 7 }, deadlineAtMs };
  expect(rig.starts[0]).toMatchObject(expected);
});

test("a slow success is a success, and the row says slow", async () => {
  const rig = createRig((request) => reply(request, { kind: "ok", latencyMs: 101 }));
  expect(await rig.run([messageFor("a")])).toEqual([]);
  expect((await rig.rowOf("a"))?.history[0]).toMatchObject({ outcome: "slow", latencyMs: 101 });
});

test("a fault is handed back with a back-off that doubles, and is dead-lettered after the last attempt", async () => {
  const rig = createRig((request) => reply(request, { kind: "fault", latencyMs: 5, cause: "HTTP 500" }));
  const message = messageFor("a");
  expect(await rig.run([message])).toEqual([message.messageId]);
  expect(await rig.run([message])).toEqual([message.messageId]);
  expect(rig.queue.changes.map(({ delayMs }) => delayMs)).toEqual([3_000, 6_000]);
  expect(rig.deadLetters.entries).toEqual([]);
  expect(await rig.run([message])).toEqual([]);
  expect(rig.deadLetters.entries[0]?.body).toBe(message.body);
  expect(causeOf(rig)).toMatchObject({ cause: "HTTP 500", attempts: 3 });
  expect(await rig.rowOf("a")).toMatchObject({ status: "dead", attempts: 3 });
  expect(await rig.run([message])).toEqual([]);
  expect(rig.starts).toHaveLength(3);
});

test("a rejected record is dead-lettered at once", async () => {
  const rig = createRig((request) => reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" }));
  expect(await rig.run([messageFor("a")])).toEqual([]);
  expect(causeOf(rig)).toMatchObject({ cause: "HTTP 404", attempts: 1 });
  expect((await rig.rowOf("a"))?.status).toBe("dead");
});

test("a record is marked dead only after its dead letter was taken", async () => {
  const rig = createRig((request) => reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" }));
  rig.deadLetters.failNext(1_000);
  expect(await rig.run([messageFor("a")])).toEqual(["message-a"]);
  expect((await rig.rowOf("a"))?.status).toBe("failed");
  rig.deadLetters.failNext(0);
  expect(await rig.run([messageFor("a")])).toEqual([]);
  expect(rig.deadLetters.entries).toHaveLength(1);
});

test("a dead letter that could not be sent after the last attempt is sent later, without another start", async () => {
  const rig = createRig((request) => reply(request, { kind: "fault", latencyMs: 5, cause: "HTTP 500" }));
  await rig.run([messageFor("a")]);
  await rig.run([messageFor("a")]);
  rig.deadLetters.failNext(1_000);
  await rig.run([messageFor("a")]);
  rig.deadLetters.failNext(0);
  expect(await rig.run([messageFor("a")])).toEqual([]);
  expect(causeOf(rig)).toMatchObject({ cause: "HTTP 500", attempts: 3 });
  expect((await rig.rowOf("a"))?.status).toBe("dead");
  expect(rig.starts).toHaveLength(3);
});

test("a redriven dead letter starts afresh", async () => {
  let isKnown = false;
  const rig = createRig((request) =>
    isKnown ? ok(request) : reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" }),
  );
  await rig.run([messageFor("a")]);
  isKnown = true;
  expect(await rig.run([messageFor("a", { messageId: "redriven", isRedriven: true })])).toEqual([]);
  expect(await rig.rowOf("a")).toMatchObject({ status: "fetched", attempts: 1 });
});

test.each([
  ["not JSON", "hello"],
  ["not an object", "[1]"],
  ["another version", JSON.stringify({ version: 2 })],
  ["another provider's", messageFor("a").body.replace("demo", "other")],
  [
    "without a record",
    JSON.stringify({ version: 1, provider: "demo", runId: "r", correlationId: "c", recordId: "" }),
  ],
  ["with an option of its own", messageFor("a").body.replace("{", '{"extra":1,')],
])("a message that is %s is dead-lettered with its cause, and the others go on", async (_, body) => {
  const rig = createRig(ok);
  expect(await rig.run([messageFor("bad", { body }), messageFor("good")])).toEqual([]);
  expect(rig.deadLetters.entries.map((entry) => entry.body)).toEqual([body]);
  expect(causeOf(rig)).toMatchObject({ attempts: 0, cause: expect.stringMatching(/\w/) });
  expect(rig.starts.map(({ recordId }) => recordId)).toEqual(["good"]);
});

test("a malformed message whose dead letter can't be sent comes again", async () => {
  const rig = createRig(ok);
  rig.deadLetters.failNext(1_000);
  expect(await rig.run([messageFor("bad", { body: "hello" }), messageFor("good")])).toEqual(["message-bad"]);
  expect((await rig.rowOf("good"))?.status).toBe("fetched");
});

test.each<[string, Invocation]>([
  ["refuses the start", { kind: "refused", cause: "throttled" }],
  ["answers nothing of ours", { kind: "answered", payload: { ok: true } }],
  [
    "answers for another attempt",
    { kind: "answered", payload: { version: 1, attemptId: "x", outcome: { kind: "ok", latencyMs: 1 } } },
  ],
  ["answers nothing at all", { kind: "answered", payload: undefined }],
])("a worker that %s costs no attempt and is never a success", async (_, invocation) => {
  const rig = createRig(() => invocation);
  for (let tries = 0; tries < 10; tries += 1) {
    expect(await rig.run([messageFor("a", { receiveCount: tries + 1 })])).toEqual(["message-a"]);
  }
  expect(await rig.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
  expect(rig.deadLetters.entries).toEqual([]);
});

test("a worker that crashes costs an attempt", async () => {
  const rig = createRig(() => ({ kind: "crashed", cause: "worker crashed: out of memory" }));
  for (let tries = 0; tries < 3; tries += 1) await rig.run([messageFor("a")]);
  expect(causeOf(rig)).toMatchObject({ cause: "worker crashed: out of memory", attempts: 3 });
});

test("a worker of unknown fate keeps its permit and its claim until the lease has run out", async () => {
  const rig = createRig(() => ({ kind: "lost", cause: "connection reset" }));
  const timeoutMs = rig.deps.provider.ventilator.timeoutMs;
  expect(await rig.run([messageFor("a"), messageFor("b")])).toEqual(["message-a", "message-b"]);
  expect((await rig.permitItems.read(0)).leases).toHaveLength(1);
  expect(rig.starts).toHaveLength(1);
  expect((await rig.rowOf("a"))?.status).toBe("fetching");
  expect(rig.queue.changes[0]?.delayMs).toBeGreaterThan(timeoutMs);
  await rig.run([messageFor("a")]);
  expect(rig.starts).toHaveLength(1);
});

test("throttling costs no attempt, shuts the gate for everyone and hands the rest back until it reopens", async () => {
  const rig = createRig((request) =>
    reply(request, { kind: "throttled", latencyMs: 1, cause: "HTTP 429", retryAfterMs: 30_000 }),
  );
  expect(await rig.run([messageFor("a"), messageFor("b")])).toEqual(["message-a", "message-b"]);
  expect(rig.starts).toHaveLength(1);
  expect(await rig.rowOf("a")).toMatchObject({ attempts: 0 });
  expect(await rig.rowOf("b")).toBeUndefined();
  expect(rig.queue.changes.map(({ delayMs }) => delayMs >= 30_000)).toEqual([true, true]);
  expect(await rig.run([messageFor("c")])).toEqual(["message-c"]);
  expect(rig.starts).toHaveLength(1);
  rig.clock.advance(30_000);
  await rig.run([messageFor("c")]);
  expect(rig.starts).toHaveLength(2);
});

test("while all permits are out nothing starts, and the batch comes again soon", async () => {
  const rig = createRig(ok);
  const leases = ["a", "b", "c"].map((holder) => `${holder}@1-${rig.clock.nowMs() + 60_000}`);
  await rig.permitItems.take({
    shard: 0,
    leases,
    ifPhase: "closed",
    ifLimit: 3,
    ifAtMostOut: 0,
    nowMs: rig.clock.nowMs(),
  });
  expect(await rig.run([messageFor("a"), messageFor("b")])).toEqual(["message-a", "message-b"]);
  expect(rig.starts).toEqual([]);
  expect(rig.queue.changes.every(({ delayMs }) => delayMs > 0 && delayMs <= 1_000)).toBe(true);
});

test("permits of a dead holder are taken over when their lease has run out", async () => {
  const rig = createRig(ok);
  const leases = ["a", "b", "c"].map((holder) => `${holder}@1-${rig.clock.nowMs() - 1}`);
  await rig.permitItems.take({
    shard: 0,
    leases,
    ifPhase: "closed",
    ifLimit: 3,
    ifAtMostOut: 0,
    nowMs: rig.clock.nowMs(),
  });
  expect(await rig.run([messageFor("a")])).toEqual([]);
});

test("a tripped breaker stops a batch within 2 s, and the rest is handed back unstarted", async () => {
  const rig = createRig(async (request, { clock, permitItems }) => {
    clock.advance(900);
    if (request.recordId === "a") await permitItems.govern(0, { phase: "open", limit: 3, epoch: 1 });
    return ok(request);
  });
  const handedBack = await rig.run(["a", "b", "c", "d", "e"].map((id) => messageFor(id)));
  expect(handedBack).toEqual(["message-d", "message-e"]);
  expect(await rig.rowOf("d")).toBeUndefined();
});

test("a record is started only while the time left fits a call", async () => {
  const rig = createRig((request, { clock }) => {
    clock.advance(1_000);
    return ok(request);
  });
  const { worker, ventilator } = rig.deps.provider;
  const timeoutMs = worker.timeoutMs + ventilator.marginMs + 1_500;
  const handedBack = await rig.run([messageFor("a"), messageFor("b"), messageFor("c")], { timeoutMs });
  expect(handedBack).toEqual(["message-c"]);
  expect(rig.queue.changes).toEqual([{ receiptHandle: "receipt-c", delayMs: 0 }]);
});

test("fan-out runs as many records together as there are permits", async () => {
  let inFlight = 0;
  let mostInFlight = 0;
  const rig = createRig(async (request) => {
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    await new Promise(setImmediate);
    inFlight -= 1;
    return ok(request);
  });
  const messages = Array.from({ length: 8 }, (_, index) => messageFor(`record-${index}`));
  expect(await rig.run(messages, { fanOut: 10 })).toEqual([]);
  expect(mostInFlight).toBe(3);
});

test("a store that is away when a success is to be recorded is waited for", async () => {
  const fetches = createMemoryFetchStore();
  let refusals = 5;
  const complete: typeof fetches.complete = async (completion) => {
    refusals -= 1;
    if (refusals >= 0) throw new Unreachable("the store", "told to fail");
    return fetches.complete(completion);
  };
  const rig = createRig(ok, { fetches: { ...fetches, complete } });
  expect(await rig.run([messageFor("a")])).toEqual([]);
  expect((await rig.rowOf("a"))?.status).toBe("fetched");
});

test("a success that can't be recorded is not acknowledged, and nobody else starts it meanwhile", async () => {
  const fetches = createMemoryFetchStore();
  const complete = () => Promise.reject(new Unreachable("the store", "told to fail"));
  const rig = createRig(ok, { fetches: { ...fetches, complete } });
  expect(await rig.run([messageFor("a")])).toEqual(["message-a"]);
  expect(await rig.run([messageFor("a")])).toEqual(["message-a"]);
  expect(rig.starts).toHaveLength(1);
});

test("a store that is away when a batch begins hands everything back, and starts nothing", async () => {
  const fetches = createMemoryFetchStore();
  const claim = () => Promise.reject(new Unreachable("the store", "told to fail"));
  const rig = createRig(ok, { fetches: { ...fetches, claim } });
  expect(await rig.run([messageFor("a"), messageFor("b")])).toEqual(["message-a", "message-b"]);
  expect(rig.starts).toEqual([]);
  expect((await rig.permitItems.read(0)).leases).toEqual([]);
});

test("a queue that can't change visibility still gets its messages back", async () => {
  const rig = createRig(() => ({ kind: "refused", cause: "throttled" }));
  rig.queue.failNext(1);
  expect(await rig.run([messageFor("a")])).toEqual(["message-a"]);
});

test("a claim that takes so long that the call might outlive the ventilator starts nothing and costs no attempt", async () => {
  const fetches = createMemoryFetchStore();
  const rig: Rig = createRig(ok, {
    fetches: {
      ...fetches,
      async claim(claim) {
        const { worker, ventilator } = rig.deps.provider;
        rig.clock.advance(ventilator.timeoutMs - worker.timeoutMs - 1_000);
        return fetches.claim(claim);
      },
    },
  });
  expect(await rig.run([messageFor("a")])).toEqual(["message-a"]);
  expect(rig.starts).toEqual([]);
  expect(await rig.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
});

test("a record that another attempt is fetching is looked at again soon, then later, at the latest after its lease", async () => {
  const rig = createRig(() => ({ kind: "lost", cause: "connection reset" }));
  await rig.run([messageFor("a")]);
  const delays = [];
  for (const receiveCount of [1, 3, 20]) {
    await rig.run([messageFor("a", { receiveCount })]);
    delays.push(rig.queue.changes.at(-1)?.delayMs);
  }
  const leaseLeftMs = ((await rig.rowOf("a"))?.leaseUntilMs ?? 0) - rig.clock.nowMs();
  expect(delays).toEqual([750, 3_000, leaseLeftMs + 500]);
  expect(rig.starts).toHaveLength(1);
});
