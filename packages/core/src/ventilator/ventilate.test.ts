import { demoProvider } from "@sluice/testing/demo-provider";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { watchCalls } from "@sluice/testing/watch-calls";
import { describe, expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { makeLeases } from "../permits/lease.ts";
import { firstSplit } from "../permits/split.ts";
import type { Invocation } from "../ports/worker-invoker.ts";
import { DEAD_LETTER_ATTRIBUTE } from "../records/message.ts";
import { createMemoryFetchStore } from "../storage/memory-fetch-store.ts";
import { createMemoryPermitItems } from "../storage/memory-permit-items.ts";
import type { WorkerRequest } from "../worker/request.ts";

const ok = (request: WorkerRequest): Invocation => reply(request, { kind: "ok", latencyMs: 12 });

const causeOf = (harness: VentilatorHarness): unknown =>
  JSON.parse(harness.deadLetters.entries[0]?.attributes?.[DEAD_LETTER_ATTRIBUTE] ?? "null");

test("fetches each record of a batch once and acknowledges it", async () => {
  const harness = createVentilatorHarness(ok);
  expect(await harness.run([messageFor("a"), messageFor("b")])).toEqual([]);
  expect(harness.starts.map(({ recordId, attempt }) => [recordId, attempt])).toEqual([
    ["a", 1],
    ["b", 1],
  ]);
  expect(await harness.rowOf("a")).toMatchObject({ status: "fetched", attempts: 1, runId: "run" });
  expect((await harness.permitItems.read(0)).leases).toEqual([]);
});

test("a record that is fetched already is acknowledged without a start", async () => {
  const harness = createVentilatorHarness(ok);
  await harness.run([messageFor("a")]);
  expect(await harness.run([messageFor("a", { messageId: "again" })])).toEqual([]);
  expect(harness.starts).toHaveLength(1);
});

test("the run and correlation id, the payload and the deadline reach the worker", async () => {
  const harness = createVentilatorHarness(ok);
  const body = JSON.stringify({
    ...JSON.parse(messageFor("a").body),
    payload: { part: 7 },
  });
  const deadlineAtMs = harness.clock.nowMs() + harness.deps.provider.worker.timeoutMs;
  await harness.run([messageFor("a", { body })]);
  const expected = { runId: "run", correlationId: "correlation", payload: { part: 7 }, deadlineAtMs };
  expect(harness.starts[0]).toMatchObject(expected);
});

test("a slow success is a success, and the row says slow", async () => {
  const harness = createVentilatorHarness((request) => reply(request, { kind: "ok", latencyMs: 101 }));
  expect(await harness.run([messageFor("a")])).toEqual([]);
  expect((await harness.rowOf("a"))?.history[0]).toMatchObject({ outcome: "slow", latencyMs: 101 });
});

test("a fault is handed back with a back-off that doubles, and is dead-lettered after the last attempt", async () => {
  const harness = createVentilatorHarness((request) =>
    reply(request, { kind: "fault", latencyMs: 5, cause: "HTTP 500" }),
  );
  const message = messageFor("a");
  expect(await harness.run([message])).toEqual([message.messageId]);
  expect(await harness.run([message])).toEqual([message.messageId]);
  expect(harness.queue.changes.map(({ delayMs }) => delayMs)).toEqual([3_000, 6_000]);
  expect(harness.deadLetters.entries).toEqual([]);
  expect(await harness.run([message])).toEqual([]);
  expect(harness.deadLetters.entries[0]?.body).toBe(message.body);
  expect(causeOf(harness)).toMatchObject({ cause: "HTTP 500", attempts: 3 });
  expect(await harness.rowOf("a")).toMatchObject({ status: "dead", attempts: 3 });
  expect(await harness.run([message])).toEqual([]);
  expect(harness.starts).toHaveLength(3);
});

test("a record that is rejected twice, others having been fetched, is dead", async () => {
  const harness = createVentilatorHarness((request) =>
    reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" }),
  );
  await harness.otherFetched();
  expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
  expect(await harness.run([messageFor("a")])).toEqual([]);
  expect(causeOf(harness)).toMatchObject({ cause: "HTTP 404 (rejected 2 times)", attempts: 1 });
  expect((await harness.rowOf("a"))?.status).toBe("dead");
});

test("a record is marked dead only after its dead letter was taken", async () => {
  const harness = createVentilatorHarness((request) =>
    reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" }),
  );
  await harness.otherFetched();
  await harness.run([messageFor("a")]);
  harness.deadLetters.failNext(1_000);
  expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
  expect((await harness.rowOf("a"))?.status).toBe("failed");
  harness.deadLetters.failNext(0);
  expect(await harness.run([messageFor("a")])).toEqual([]);
  expect(harness.deadLetters.entries).toHaveLength(1);
});

test("a dead letter that could not be sent after the last attempt is sent later, without another start", async () => {
  const harness = createVentilatorHarness((request) =>
    reply(request, { kind: "fault", latencyMs: 5, cause: "HTTP 500" }),
  );
  await harness.run([messageFor("a")]);
  await harness.run([messageFor("a")]);
  harness.deadLetters.failNext(1_000);
  await harness.run([messageFor("a")]);
  harness.deadLetters.failNext(0);
  expect(await harness.run([messageFor("a")])).toEqual([]);
  expect(causeOf(harness)).toMatchObject({ cause: "HTTP 500", attempts: 3 });
  expect((await harness.rowOf("a"))?.status).toBe("dead");
  expect(harness.starts).toHaveLength(3);
});

test("a redriven dead letter starts afresh", async () => {
  let isKnown = false;
  const harness = createVentilatorHarness((request) =>
    isKnown ? ok(request) : reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" }),
  );
  await harness.otherFetched();
  await harness.run([messageFor("a")]);
  isKnown = true;
  expect(await harness.run([messageFor("a", { messageId: "redriven", isRedriven: true })])).toEqual([]);
  expect(await harness.rowOf("a")).toMatchObject({ status: "fetched", attempts: 1 });
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
  const harness = createVentilatorHarness(ok);
  expect(await harness.run([messageFor("bad", { body }), messageFor("good")])).toEqual([]);
  expect(harness.deadLetters.entries.map((entry) => entry.body)).toEqual([body]);
  expect(causeOf(harness)).toMatchObject({ attempts: 0, cause: expect.stringMatching(/\w/) });
  expect(harness.starts.map(({ recordId }) => recordId)).toEqual(["good"]);
});

test("a malformed message whose dead letter can't be sent comes again", async () => {
  const harness = createVentilatorHarness(ok);
  harness.deadLetters.failNext(1_000);
  expect(await harness.run([messageFor("bad", { body: "hello" }), messageFor("good")])).toEqual([
    "message-bad",
  ]);
  expect((await harness.rowOf("good"))?.status).toBe("fetched");
});

test.each<[string, Invocation]>([
  ["refuses the start", { kind: "refused", cause: "throttled" }],
  ["answers nothing of ours", { kind: "answered", payload: { ok: true } }],
  ["answers nothing at all", { kind: "answered", payload: undefined }],
])("a worker that %s costs no attempt and is never a success", async (_, invocation) => {
  const harness = createVentilatorHarness(() => invocation);
  for (let tries = 0; tries < 10; tries += 1) {
    expect(await harness.run([messageFor("a", { receiveCount: tries + 1 })])).toEqual(["message-a"]);
  }
  expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
  expect(harness.deadLetters.entries).toEqual([]);
});

test("a worker that can't begin for as long as SQS keeps a message drives none to the dead letters by its receives", async () => {
  const harness = createVentilatorHarness(() => ({ kind: "refused", cause: "throttled" }));
  const startMs = harness.clock.nowMs();
  for (let receiveCount = 1; receiveCount < 1_000; receiveCount += 1) {
    await harness.run([messageFor("a", { receiveCount })]);
    const delayMs = harness.queue.changes.at(-1)?.delayMs ?? 0;
    const isHeld = (await harness.permitItems.read(0)).phase === "open";
    if (receiveCount < 60 && !isHeld) expect(delayMs).toBeLessThanOrEqual(60_000);
    // A hold is looked after every five minutes, and messages come back within a few seconds then.
    if (receiveCount < 300) expect(delayMs).toBeLessThanOrEqual(5 * 60_000 + 3_000);
    harness.clock.advance(delayMs);
  }
  expect(harness.clock.nowMs() - startMs).toBeGreaterThan(14 * 24 * 60 * 60_000);
});

test("a reply that echoes the attempt but can't be read is a worker's that ran: it costs an attempt", async () => {
  const harness = createVentilatorHarness(({ attemptId }) => ({
    kind: "answered",
    payload: { version: 2, attemptId, outcome: { kind: "fetched" } },
  }));
  for (let tries = 0; tries < 3; tries += 1) await harness.run([messageFor("a")]);
  expect(causeOf(harness)).toMatchObject({ cause: "the worker's reply can't be read", attempts: 3 });
});

test("a reply to another attempt is a worker's that ran: it costs an attempt and is never a success", async () => {
  const harness = createVentilatorHarness(() => ({
    kind: "answered",
    payload: { version: 1, attemptId: "x", outcome: { kind: "ok", latencyMs: 1 } },
  }));
  for (let tries = 0; tries < 3; tries += 1) await harness.run([messageFor("a")]);
  expect(causeOf(harness)).toMatchObject({ cause: "the worker's reply is another attempt's", attempts: 3 });
});

test("a worker that crashes costs an attempt", async () => {
  const harness = createVentilatorHarness(() => ({
    kind: "crashed",
    cause: "worker crashed: out of memory",
  }));
  for (let tries = 0; tries < 3; tries += 1) await harness.run([messageFor("a")]);
  expect(causeOf(harness)).toMatchObject({ cause: "worker crashed: out of memory", attempts: 3 });
});

test("a worker of unknown fate keeps its permit and its claim until the lease has run out", async () => {
  const harness = createVentilatorHarness(() => ({ kind: "lost", cause: "connection reset" }));
  const timeoutMs = harness.deps.provider.ventilator.timeoutMs;
  expect(await harness.run([messageFor("a"), messageFor("b")])).toEqual(["message-a", "message-b"]);
  expect((await harness.permitItems.read(0)).leases).toHaveLength(1);
  expect(harness.starts).toHaveLength(1);
  expect((await harness.rowOf("a"))?.status).toBe("fetching");
  expect(harness.queue.changes[0]?.delayMs).toBeGreaterThan(timeoutMs);
  await harness.run([messageFor("a")]);
  expect(harness.starts).toHaveLength(1);
});

test("a record whose workers are lost each time ends dead, with a letter that says so, after its last attempt", async () => {
  const harness = createVentilatorHarness(() => ({ kind: "lost", cause: "connection reset" }));
  const { maxAttempts, ventilator } = harness.deps.provider;
  for (let tries = 0; tries < maxAttempts; tries += 1) {
    expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
    harness.clock.advance(ventilator.timeoutMs + 3_000);
  }
  expect(await harness.run([messageFor("a")])).toEqual([]);
  expect(harness.starts).toHaveLength(maxAttempts);
  expect(causeOf(harness)).toMatchObject({ attempts: maxAttempts, cause: "3 of 3 attempts were cut off" });
  expect((await harness.rowOf("a"))?.status).toBe("dead");
});

test("throttling costs no attempt, shuts the gate for everyone and hands the rest back until it reopens", async () => {
  const harness = createVentilatorHarness((request) =>
    reply(request, { kind: "throttled", latencyMs: 1, cause: "HTTP 429", retryAfterMs: 30_000 }),
  );
  const startMs = harness.clock.nowMs();
  expect(await harness.run([messageFor("a"), messageFor("b")])).toEqual(["message-a", "message-b"]);
  expect(harness.starts).toHaveLength(1);
  expect(await harness.rowOf("a")).toMatchObject({ attempts: 0 });
  expect(await harness.rowOf("b")).toBeUndefined();
  const [throttled, rest] = harness.queue.changes.map(({ delayMs }) => delayMs);
  expect(throttled).toBeGreaterThanOrEqual(30_000);
  expect(harness.clock.nowMs() + (rest ?? 0)).toBeGreaterThanOrEqual(startMs + 30_000);
  expect(harness.clock.nowMs()).toBeLessThan(startMs + 30_000);
  expect(await harness.run([messageFor("c")], { timeoutMs: 8_000 })).toEqual(["message-c"]);
  expect(harness.starts).toHaveLength(1);
  harness.clock.advance(30_000);
  await harness.run([messageFor("c")]);
  expect(harness.starts).toHaveLength(2);
});

test("while all permits are out nothing starts, and the batch comes again soon", async () => {
  const harness = createVentilatorHarness(ok);
  const leases = makeLeases("holder", 3, 1, harness.clock.nowMs() + 60_000);
  await harness.permitItems.setSplit(0, firstSplit(1, 0));
  await harness.permitItems.take({
    shardIndex: 0,
    leases,
    ifPhase: "closed",
    ifLimit: 3,
    ifSplit: 1,
    ifAtMostOut: 0,
    nowMs: harness.clock.nowMs(),
  });
  expect(await harness.run([messageFor("a"), messageFor("b")])).toEqual(["message-a", "message-b"]);
  expect(harness.starts).toEqual([]);
  expect(harness.queue.changes.every(({ delayMs }) => delayMs > 0 && delayMs <= 1_000)).toBe(true);
});

test("permits of a dead holder are taken over when their lease has run out", async () => {
  const harness = createVentilatorHarness(ok);
  const leases = makeLeases("holder", 3, 1, harness.clock.nowMs() - 1);
  await harness.permitItems.setSplit(0, firstSplit(1, 0));
  await harness.permitItems.take({
    shardIndex: 0,
    leases,
    ifPhase: "closed",
    ifLimit: 3,
    ifSplit: 1,
    ifAtMostOut: 0,
    nowMs: harness.clock.nowMs(),
  });
  expect(await harness.run([messageFor("a")])).toEqual([]);
});

test("a tripped breaker stops a batch within 2 s, and the rest is handed back unstarted", async () => {
  const harness = createVentilatorHarness(async (request, { clock, permitItems }) => {
    clock.advance(900);
    if (request.recordId === "a") await permitItems.setControl(0, { phase: "open", limit: 3, epoch: 1 });
    return ok(request);
  });
  const handedBack = await harness.run(["a", "b", "c", "d", "e"].map((id) => messageFor(id)));
  expect(handedBack).toEqual(["message-d", "message-e"]);
  expect(await harness.rowOf("d")).toBeUndefined();
});

test("a record is started only while the time left fits a call", async () => {
  const harness = createVentilatorHarness((request, { clock }) => {
    clock.advance(1_000);
    return ok(request);
  });
  const { worker, ventilator } = harness.deps.provider;
  const timeoutMs = worker.timeoutMs + ventilator.marginMs + 1_500;
  const handedBack = await harness.run([messageFor("a"), messageFor("b"), messageFor("c")], { timeoutMs });
  expect(handedBack).toEqual(["message-c"]);
  expect(harness.queue.changes).toEqual([{ receiptHandle: "receipt-c", delayMs: 0 }]);
});

test("fan-out runs as many records together as there are permits", async () => {
  let inFlight = 0;
  let mostInFlight = 0;
  const harness = createVentilatorHarness(async (request) => {
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    await new Promise(setImmediate);
    inFlight -= 1;
    return ok(request);
  });
  const messages = Array.from({ length: 8 }, (_, index) => messageFor(`record-${index}`));
  expect(await harness.run(messages, { fanOut: 10 })).toEqual([]);
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
  const harness = createVentilatorHarness(ok, { fetches: { ...fetches, complete } });
  expect(await harness.run([messageFor("a")])).toEqual([]);
  expect((await harness.rowOf("a"))?.status).toBe("fetched");
});

test("a success that can't be recorded is not acknowledged, and nobody else starts it meanwhile", async () => {
  const fetches = createMemoryFetchStore();
  const complete = () => Promise.reject(new Unreachable("the store", "told to fail"));
  const harness = createVentilatorHarness(ok, { fetches: { ...fetches, complete } });
  expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
  expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
  expect(harness.starts).toHaveLength(1);
});

test("a store that is away when a batch begins hands everything back, and starts nothing", async () => {
  const fetches = createMemoryFetchStore();
  const claim = () => Promise.reject(new Unreachable("the store", "told to fail"));
  const harness = createVentilatorHarness(ok, { fetches: { ...fetches, claim } });
  expect(await harness.run([messageFor("a"), messageFor("b")])).toEqual(["message-a", "message-b"]);
  expect(harness.starts).toEqual([]);
  expect((await harness.permitItems.read(0)).leases).toEqual([]);
});

test("a queue that can't change visibility still gets its messages back", async () => {
  const harness = createVentilatorHarness(() => ({ kind: "refused", cause: "throttled" }));
  harness.queue.failNext(1);
  expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
});

test("a claim that takes so long that the call might outlive the ventilator starts nothing and costs no attempt", async () => {
  const fetches = createMemoryFetchStore();
  const harness: VentilatorHarness = createVentilatorHarness(ok, {
    fetches: {
      ...fetches,
      async claim(claim) {
        const { worker, ventilator } = harness.deps.provider;
        harness.clock.advance(ventilator.timeoutMs - worker.timeoutMs - 1_000);
        return fetches.claim(claim);
      },
    },
  });
  expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
  expect(harness.starts).toEqual([]);
  expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
});

test("a record that another attempt is fetching is looked at again soon, then later, at the latest after its lease", async () => {
  const provider = demoProvider({ ventilator: { timeoutMs: 30_000 } });
  const harness = createVentilatorHarness(() => ({ kind: "lost", cause: "connection reset" }), { provider });
  await harness.run([messageFor("a")]);
  const delays = [];
  for (const receiveCount of [1, 3, 20]) {
    await harness.run([messageFor("a", { receiveCount })]);
    delays.push(harness.queue.changes.at(-1)?.delayMs);
  }
  const leaseLeftMs = ((await harness.rowOf("a"))?.leaseUntilMs ?? 0) - harness.clock.nowMs();
  expect(delays).toEqual([750, 3_000, leaseLeftMs + 500]);
  expect(harness.starts).toHaveLength(1);
});

describe("permits whose check-out got no answer", () => {
  function harnessLosing(method: "take" | "report", answer = ok) {
    const watched = watchCalls(createMemoryPermitItems());
    watched.spoil((called) => (called === method ? "lost" : undefined));
    return { watched, harness: createVentilatorHarness(answer, { items: watched.port }) };
  }

  test("are freed before the batch is handed back", async () => {
    const { harness } = harnessLosing("take");
    expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
    expect((await harness.permitItems.read(0)).leases).toEqual([]);
    expect(harness.starts).toEqual([]);
  });

  test("are freed as soon as the shard can be reached, and never hold the answer back beyond the deadline", async () => {
    const { harness, watched } = harnessLosing("take");
    const deadlineAtMs = harness.clock.nowMs() + 60_000;
    let prunes = 0;
    watched.spoil((called) => {
      if (called === "prune") prunes += 1;
      return called === "take" ? "lost" : called === "prune" ? "unreachable" : undefined;
    });
    expect(await harness.run([messageFor("a")], { timeoutMs: 60_000 })).toEqual(["message-a"]);
    expect(prunes).toBeGreaterThan(10);
    expect(harness.clock.nowMs()).toBeLessThan(deadlineAtMs);
  });

  test("a report that may have been counted is not repeated when no permit is returned with it", async () => {
    const lost = (): Invocation => ({ kind: "lost", cause: "reset" });
    const { harness, watched } = harnessLosing("report", lost);
    await harness.run([messageFor("a")]);
    expect(watched.calls.filter((called) => called === "report")).toHaveLength(1);
    expect((await harness.permitItems.read(0)).leases).toHaveLength(1);
  });
});
