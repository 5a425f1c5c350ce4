import { createFakeClock } from "@sluice/testing/fake-clock";
import { silentLog } from "@sluice/testing/silent-log";
import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { ProviderThrottled, RecordRejected } from "../job/call-errors.ts";
import type { FetchJob, WorkerJob } from "../job/fetch-job.ts";
import { handleRequest } from "../job/handle-request.ts";
import type { Outcome } from "../worker/outcome.ts";
import { classifyInvocation } from "./classify-invocation.ts";

/*
 * While a deploy is under way, a ventilator of one version calls a worker of the other. The one that is not this code
 * stands here as the JSON that it sends, and as the schema by which it reads: the contract's version 1, which later
 * code may add to, and must not change.
 */

const REQUEST = {
  version: 1,
  attemptId: "attempt-1",
  provider: "demo",
  recordId: "a",
  payload: { part: [1] },
  attempt: 2,
  runId: "run",
  correlationId: "trace",
  deadlineAtMs: 1_800_000_000_000,
};

/** The fields that a worker of version 1 can't do without. */
const requestOfVersion1 = z.object({
  version: z.literal(1),
  attemptId: z.string(),
  provider: z.string(),
  recordId: z.string(),
  payload: z.optional(z.unknown()),
  attempt: z.int(),
  runId: z.string(),
  correlationId: z.string(),
  deadlineAtMs: z.int(),
});

const replyOfVersion1 = z.object({
  version: z.literal(1),
  attemptId: z.string(),
  outcome: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("ok"), latencyMs: z.number() }),
    z.object({ kind: z.literal("fault"), latencyMs: z.number(), cause: z.string() }),
    z.object({ kind: z.literal("rejected"), latencyMs: z.number(), cause: z.string() }),
    z.object({
      kind: z.literal("throttled"),
      latencyMs: z.number(),
      cause: z.string(),
      retryAfterMs: z.optional(z.int()),
    }),
  ]),
});

const OUTCOMES: readonly Outcome[] = [
  { kind: "ok", latencyMs: 12 },
  { kind: "fault", latencyMs: 5, cause: "HTTP 500" },
  { kind: "rejected", latencyMs: 5, cause: "HTTP 404" },
  { kind: "throttled", latencyMs: 5, cause: "HTTP 429" },
  { kind: "throttled", latencyMs: 5, cause: "HTTP 429", retryAfterMs: 7_000 },
];

const KNOWN = new Set([...Object.keys(REQUEST), "outcome", "kind", "latencyMs", "cause", "retryAfterMs"]);

/** Fields of a later version, by names that version 1 has not. */
const additions = fc.dictionary(
  fc.string().filter((name) => !KNOWN.has(name)),
  fc.jsonValue(),
);

function callWorker(event: unknown, fetchJob: FetchJob) {
  const clock = createFakeClock(REQUEST.deadlineAtMs - 1_000);
  const abortAfter = () => new AbortController().signal;
  return handleRequest(event, fetchJob, { clock, abortAfter, log: silentLog, timeoutMs: 500 });
}

const classify = (payload: unknown) => classifyInvocation({ kind: "answered", payload }, "attempt-1", 1_000);

test("a worker does the job of a ventilator that says more than it knows", async () => {
  await fc.assert(
    fc.asyncProperty(additions, async (more) => {
      const jobs: WorkerJob[] = [];
      const answer = await callWorker({ ...more, ...REQUEST }, async (job) => void jobs.push(job));
      expect(jobs).toMatchObject([{ recordId: "a", payload: { part: [1] }, attempt: 2 }]);
      expect(answer).toEqual({ version: 1, attemptId: "attempt-1", outcome: { kind: "ok", latencyMs: 0 } });
    }),
  );
});

test("a ventilator takes the outcome of a worker that says more than it knows", () => {
  fc.assert(
    fc.property(fc.constantFrom(...OUTCOMES), additions, additions, (outcome, more, moreOfOutcome) => {
      const answer = {
        ...more,
        version: 1,
        attemptId: "attempt-1",
        outcome: { ...moreOfOutcome, ...outcome },
      };
      expect(classify(answer)).toEqual(outcome);
    }),
  );
});

test("a worker answers so that an older ventilator can read it", async () => {
  const jobs: readonly FetchJob[] = [
    async () => {},
    () => Promise.reject(new RecordRejected("HTTP 404")),
    () => Promise.reject(new ProviderThrottled("HTTP 429", 7_000)),
  ];
  for (const fetchJob of jobs) {
    const answer = JSON.parse(JSON.stringify(await callWorker(REQUEST, fetchJob)));
    expect(replyOfVersion1.parse(answer)).toMatchObject({ attemptId: "attempt-1" });
  }
});

test.each([0, 2, "1", undefined])(
  "version %s is another contract: neither side reads it",
  async (version) => {
    const asked = callWorker({ ...REQUEST, version }, async () => {});
    await expect(asked).rejects.toMatchObject({ name: "RequestUnreadable" });
    const answer = { version, attemptId: "attempt-1", outcome: { kind: "ok", latencyMs: 1 } };
    expect(classify(answer)).toMatchObject({ kind: "unavailable", fate: "crashed" });
  },
);

test("a ventilator asks so that an older worker can read it", async () => {
  const harness = createVentilatorHarness((request) => reply(request, { kind: "ok", latencyMs: 1 }));
  const plain = messageFor("a");
  const withPayload = {
    ...messageFor("b"),
    body: JSON.stringify({ ...JSON.parse(plain.body), recordId: "b", payload: 7 }),
  };
  await harness.run([plain, withPayload]);
  const asked = harness.starts.map((request) => requestOfVersion1.parse(JSON.parse(JSON.stringify(request))));
  expect(asked).toMatchObject([
    { recordId: "a", attempt: 1 },
    { recordId: "b", payload: 7 },
  ]);
});
