import { readFile } from "node:fs/promises";
import { workerReplySchema } from "@sluice/core/worker";
import { handlerEntries } from "@sluice/local/cloud";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { providerVariable, workerRequest } from "../fakes/worker-harness.ts";
import type { FetchJob, WorkerJob } from "./define-worker.ts";

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("SLUICE_PROVIDER", providerVariable({ slowAfterMs: 50, timeoutMs: 100 }));
});
afterEach(() => {
  vi.unstubAllEnvs();
  process.removeAllListeners("uncaughtExceptionMonitor");
});

async function define(fetchJob: FetchJob) {
  const { defineWorker } = await import("./define-worker.ts");
  return defineWorker(fetchJob);
}

/** Ends only when it is told to. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

test("success is a reply that carries the attempt's own id", async () => {
  const handler = await define(async () => {});
  for (const attemptId of ["one", "two"]) {
    expect(await handler(workerRequest({ attemptId }))).toEqual({
      version: 1,
      attemptId,
      outcome: { kind: "ok", latencyMs: expect.any(Number) },
    });
  }
});

test("a job gets what the request says of its record", async () => {
  const jobs: WorkerJob[] = [];
  const handler = await define(async (job) => {
    jobs.push(job);
  });
  await handler(workerRequest({ recordId: " Ä\u0000", payload: { part: [1] }, attempt: 3 }));
  await handler(workerRequest());
  expect(jobs).toMatchObject([
    { recordId: " Ä\u0000", payload: { part: [1] }, attempt: 3 },
    { recordId: "a", payload: undefined, attempt: 1 },
  ]);
});

test("latency is how long the job took", async () => {
  const handler = await define(() => new Promise((resolve) => setTimeout(resolve, 20)));
  const { outcome } = await handler(workerRequest());
  expect(outcome.latencyMs).toBeGreaterThan(18);
});

test.each([
  ["ProviderFault", { kind: "fault", latencyMs: expect.any(Number), cause: "because" }],
  ["ProviderThrottled", { kind: "throttled", latencyMs: expect.any(Number), cause: "because" }],
  ["RecordRejected", { kind: "rejected", latencyMs: expect.any(Number), cause: "because" }],
] as const)("a job that throws %s has that outcome", async (name, outcome) => {
  const { [name]: JobError } = await import("./call-errors.ts");
  const handler = await define(async () => {
    throw new JobError("because");
  });
  expect(await handler(workerRequest({ attemptId: "mine" }))).toEqual({
    version: 1,
    attemptId: "mine",
    outcome,
  });
});

test.each([
  [0, 0],
  [1_500, 1_500],
  [1_500.4, 1_500],
  [-7, 0],
  [1e23, Number.MAX_SAFE_INTEGER],
  [Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER],
  [Number.NaN, undefined],
])(
  "a provider's wait of %s ms is passed on as %s, in a reply that the ventilator understands",
  async (asked, passedOn) => {
    const { ProviderThrottled } = await import("./call-errors.ts");
    const handler = await define(async () => {
      throw new ProviderThrottled("HTTP 429", asked);
    });
    const reply = workerReplySchema.parse(JSON.parse(JSON.stringify(await handler(workerRequest()))));
    expect(reply.outcome).toEqual({
      kind: "throttled",
      latencyMs: expect.any(Number),
      cause: "HTTP 429",
      ...(passedOn !== undefined && { retryAfterMs: passedOn }),
    });
  },
);

test.each([
  [new TypeError("undefined is no function"), "TypeError: undefined is no function"],
  ["a string", "a string"],
])("anything else that a job throws is a bug, and told as a crash: %s", async (bug, message) => {
  const handler = await define(async () => {
    throw bug;
  });
  await expect(handler(workerRequest())).rejects.toMatchObject({
    name: "WorkerCrashed",
    message,
    cause: bug,
  });
});

test("a crash has the stack of the bug", async () => {
  const bug = new RangeError("out of range");
  const handler = await define(() => Promise.reject(bug));
  await expect(handler(workerRequest())).rejects.toHaveProperty("stack", bug.stack);
});

test("an error past the job's promise is a crash from the first request on, and one of loading before", async () => {
  const nameOfUncaught = () => {
    const uncaught = new RangeError("out of range");
    for (const listen of process.listeners("uncaughtExceptionMonitor")) listen(uncaught, "uncaughtException");
    return uncaught.name;
  };
  const handler = await define(async () => {});
  expect(nameOfUncaught()).toBe("RangeError");
  await handler(workerRequest());
  expect(nameOfUncaught()).toBe("WorkerCrashed");
});

test("a provider's wait that is no number is none, and the reply still says throttled", async () => {
  const { ProviderThrottled } = await import("./call-errors.ts");
  const handler = await define(async () => {
    throw new ProviderThrottled("HTTP 429", Number.NaN);
  });
  const sent = JSON.parse(JSON.stringify(await handler(workerRequest())));
  expect(sent.outcome).toEqual({ kind: "throttled", latencyMs: expect.any(Number), cause: "HTTP 429" });
});

test("a cause that would not fit an answer of Lambda's is cut", async () => {
  const { RecordRejected } = await import("./call-errors.ts");
  const handler = await define(async () => {
    throw new RecordRejected("x".repeat(7_000_000));
  });
  const reply = await handler(workerRequest());
  expect(reply.outcome.kind).toBe("rejected");
  expect(JSON.stringify(reply).length).toBeLessThan(5_000);
});

test("a call that takes longer than the provider's timeout is aborted, and the provider's fault", async () => {
  const handler = await define(({ signal }) => untilAborted(signal));
  const { outcome } = await handler(workerRequest());
  expect(outcome).toEqual({
    kind: "fault",
    latencyMs: expect.any(Number),
    cause: expect.stringMatching(/^no answer within \d+ ms$/),
  });
  expect(outcome.latencyMs).toBeGreaterThan(98);
});

test("a call never outlives the request's deadline, even if the provider's timeout is longer", async () => {
  vi.stubEnv("SLUICE_PROVIDER", providerVariable({ slowAfterMs: 50, timeoutMs: 50_000 }));
  const handler = await define(({ signal }) => untilAborted(signal));
  const { outcome } = await handler(workerRequest({ deadlineAtMs: Date.now() + 50 }));
  expect(outcome.kind).toBe("fault");
  expect(outcome.latencyMs).toBeLessThan(5_000);
});

test("an error that a job gives its own name stays what it is, although the time is up", async () => {
  const { RecordRejected } = await import("./call-errors.ts");
  const handler = await define(async ({ signal }) => {
    await untilAborted(signal).catch(() => {});
    throw new RecordRejected("HTTP 404");
  });
  expect((await handler(workerRequest())).outcome).toMatchObject({ kind: "rejected", cause: "HTTP 404" });
});

test("a request that comes after its deadline starts no job", async () => {
  const fetchJob = vi.fn<FetchJob>();
  const handler = await define(fetchJob);
  const late = handler(workerRequest({ deadlineAtMs: Date.now() - 5 }));
  await expect(late).rejects.toMatchObject({
    name: "InvokedTooLate",
    message: expect.stringMatching(/^the deadline passed \d+ ms ago$/),
  });
  await expect(handler(workerRequest({ deadlineAtMs: Date.now() }))).rejects.toThrow("the deadline passed");
  expect(fetchJob).not.toHaveBeenCalled();
});

const { attemptId: _, ...WITHOUT_ATTEMPT } = workerRequest();

test.each<[what: string, event: unknown]>([
  ["nothing", undefined],
  ["an SQS event", { Records: [] }],
  ["another version", { ...workerRequest(), version: 2 }],
  ["a request without an attempt", WITHOUT_ATTEMPT],
  ["a request for no record", workerRequest({ recordId: "" })],
  ["attempt number zero", workerRequest({ attempt: 0 })],
])("can't read %s, and starts no job", async (_what, event) => {
  const fetchJob = vi.fn<FetchJob>();
  const handler = await define(fetchJob);
  await expect(handler(event)).rejects.toMatchObject({ name: "RequestUnreadable" });
  expect(fetchJob).not.toHaveBeenCalled();
});

test.each<[what: string, variable: string | undefined, message: string]>([
  ["without a provider", undefined, "SLUICE_PROVIDER"],
  ["with a provider that is no JSON", "{", "SLUICE_PROVIDER is not JSON"],
  ["with an invalid provider", "{}", "Provider definition in SLUICE_PROVIDER is invalid"],
])("an environment %s is refused before any request", async (_what, variable, message) => {
  vi.stubEnv("SLUICE_PROVIDER", variable);
  await expect(define(async () => {})).rejects.toThrow(message);
});

test("every worker is made by it: the errors of another would pass for those of loading, and cost no attempt", async () => {
  const entries = (await handlerEntries()).filter((entry) => entry.startsWith("workers/"));
  expect(entries.length).toBeGreaterThan(2);
  for (const entry of entries) {
    const source = await readFile(new URL(`../${entry}.ts`, import.meta.url), "utf8");
    expect(source, entry).toMatch(/^export const handler: ReturnType<typeof defineWorker> = defineWorker\(/m);
  }
});
