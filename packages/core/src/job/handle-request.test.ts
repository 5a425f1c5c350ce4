import { createFakeClock } from "@sluice/testing/fake-clock";
import { silentLog } from "@sluice/testing/silent-log";
import { expect, test } from "vitest";
import { InvokedTooLate, missedAtMs } from "../worker/function-errors.ts";
import type { WorkerReply } from "../worker/reply.ts";
import { WORKER_CONTRACT_VERSION, type WorkerRequest } from "../worker/request.ts";
import { ProviderFault, ProviderThrottled } from "./call-errors.ts";
import type { FetchJob } from "./fetch-job.ts";
import { handleRequest } from "./handle-request.ts";

const TIMEOUT_MS = 30_000;

/** A worker on a clock and a timer that the test moves. */
function createWorker(fetchJob: FetchJob) {
  const clock = createFakeClock();
  const timers: { readonly durationMs: number; readonly abort: () => void }[] = [];
  const abortAfter = (durationMs: number) => {
    const controller = new AbortController();
    timers.push({ durationMs, abort: () => controller.abort() });
    return controller.signal;
  };
  const deps = { clock, abortAfter, log: silentLog, timeoutMs: TIMEOUT_MS };
  return {
    clock,
    timers,
    requestWith: (changes: Partial<WorkerRequest> = {}): WorkerRequest => ({
      version: WORKER_CONTRACT_VERSION,
      attemptId: "attempt-1",
      provider: "demo",
      recordId: "a",
      attempt: 1,
      runId: "run",
      correlationId: "trace",
      deadlineAtMs: clock.nowMs() + 60_000,
      ...changes,
    }),
    handle: (event: unknown): Promise<WorkerReply> => handleRequest(event, fetchJob, deps),
  };
}

const untilAborted: FetchJob = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

test("latencies are the clock's", async () => {
  const worker = createWorker(async () => worker.clock.advance(1_234));
  expect((await worker.handle(worker.requestWith())).outcome).toEqual({ kind: "ok", latencyMs: 1_234 });
});

test("a clock that is set back makes no negative latency", async () => {
  const worker = createWorker(async () => worker.clock.advance(-500));
  expect((await worker.handle(worker.requestWith())).outcome).toEqual({ kind: "ok", latencyMs: 0 });
});

test.each([
  [60_000, TIMEOUT_MS],
  [700, 700],
])("with %i ms left the signal aborts after %i", async (leftMs, afterMs) => {
  const worker = createWorker(async () => {});
  await worker.handle(worker.requestWith({ deadlineAtMs: worker.clock.nowMs() + leftMs }));
  expect(worker.timers).toMatchObject([{ durationMs: afterMs }]);
});

test("a call that the signal has ended is a fault of the provider's", async () => {
  const worker = createWorker(untilAborted);
  const reply = worker.handle(worker.requestWith());
  worker.clock.advance(TIMEOUT_MS);
  worker.timers[0]?.abort();
  expect((await reply).outcome).toEqual({
    kind: "fault",
    latencyMs: TIMEOUT_MS,
    cause: "no answer within 30000 ms",
  });
});

test("an outcome that the job names comes with its latency", async () => {
  const worker = createWorker(async () => {
    worker.clock.advance(20);
    throw new ProviderFault("HTTP 500");
  });
  expect((await worker.handle(worker.requestWith())).outcome).toEqual({
    kind: "fault",
    latencyMs: 20,
    cause: "HTTP 500",
  });
});

test.each<[what: string, thrown: unknown]>([
  ["an error by the name of a refusal", new InvokedTooLate("of its own")],
  ["a cause that is no text", Object.assign(new ProviderFault("HTTP 500"), { message: 500 })],
  ["nothing", undefined],
])("a job that throws %s has crashed: it had begun", async (_what, thrown) => {
  const worker = createWorker(() => Promise.reject(thrown));
  await expect(worker.handle(worker.requestWith())).rejects.toMatchObject({ name: "WorkerCrashed" });
});

test("a throttled call whose wait is no number is throttled without a wait", async () => {
  const thrown = new ProviderThrottled("HTTP 429", Object(1n));
  const worker = createWorker(() => Promise.reject(thrown));
  const { outcome } = await worker.handle(worker.requestWith());
  expect(outcome).toEqual({ kind: "throttled", latencyMs: 0, cause: "HTTP 429" });
});

test("a bug of the job, a late request and an unreadable one have names of their own", async () => {
  const worker = createWorker(async () => {
    throw new TypeError("no function");
  });
  await expect(worker.handle(worker.requestWith())).rejects.toMatchObject({
    name: "WorkerCrashed",
    message: "TypeError: no function",
  });
  const late = worker.requestWith({ deadlineAtMs: worker.clock.nowMs() });
  await expect(worker.handle(late)).rejects.toMatchObject({ name: "InvokedTooLate" });
  const newer = { ...worker.requestWith(), version: WORKER_CONTRACT_VERSION + 1 };
  await expect(worker.handle(newer)).rejects.toMatchObject({
    name: "RequestUnreadable",
    message: expect.stringContaining("version"),
  });
});

test("a start that its quotas have no room for any more is not begun, and the worker says what its clock reads", async () => {
  let calls = 0;
  const worker = createWorker(async () => {
    calls += 1;
  });
  const startByMs = worker.clock.nowMs() - 0.5;
  const nowMs = worker.clock.nowMs();
  const missed = await worker.handle(worker.requestWith({ startByMs })).catch((thrown: Error) => thrown);
  if (!(missed instanceof Error)) throw new Error("it was begun");
  expect(missedAtMs(missed.name, missed.message)).toBe(nowMs);
  expect(missedAtMs("Error", missed.message)).toBeUndefined();
  await worker.handle(worker.requestWith({ startByMs: nowMs }));
  expect(calls).toBe(1);
});
