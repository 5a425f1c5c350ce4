import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { silentLog } from "@sluice/testing/silent-log";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { outcomeTotalsOf } from "../history/outcome-totals.ts";
import { NO_EVIDENCE } from "../law/evidence.ts";
import type { ClaimRequest, Completion } from "../ports/fetch-store.ts";
import type { Snapshot } from "../ports/history-store.ts";
import type { RecordEnd } from "../records/record-end.ts";
import { createLedger } from "../runs/ledger.ts";
import { createSchedulerHarness, type SchedulerHarness } from "../scheduler/fakes/scheduler-harness.ts";
import { readRunsOf } from "./runs-of-record.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const CONTRACT = demoProvider({ maxAttempts: 5, backOff: { firstMs: 60_000, maxMs: 600_000 } });
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `r${at}`);

let harness: SchedulerHarness;
beforeEach(async () => {
  harness = createSchedulerHarness();
  await harness.stores.history.putContract(CONTRACT);
});

const status = async (recordId: string) => harness.scheduler.record(recordId);

/** Ends a record of a run, as a ventilator does. */
async function end(runId: string, number: number, how: RecordEnd): Promise<void> {
  const { clock } = harness;
  const announcer = { announce: async () => {} };
  const ledger = createLedger({ provider: "demo", ...harness.stores, announcer, clock, log: silentLog });
  const ended = { runId, number, recordId: `r${number}`, end: how, cause: "why" };
  expect(await ledger.note([ended], clock.nowMs() + 1_000)).toEqual([]);
}

const claimOf = (recordId: string, attemptId = "a1"): ClaimRequest => ({
  provider: "demo",
  day: "2026-11-18",
  recordId,
  attemptId,
  runId: "night",
  correlationId: "c",
  nowMs: harness.clock.nowMs(),
  leaseUntilMs: harness.clock.nowMs() + MINUTE_MS,
  maxAttempts: 5,
  isRedriven: false,
});

/** One attempt of a record, to its end. */
async function attempt(
  recordId: string,
  as: Completion["status"],
  outcome: Completion["end"]["outcome"],
): Promise<void> {
  const { fetches } = harness.stores;
  const claim = claimOf(recordId);
  await fetches.claim(claim);
  const { provider, day, attemptId, nowMs } = claim;
  const ended = { startedAtMs: nowMs, endedAtMs: nowMs + 5, outcome, cause: "HTTP 500", latencyMs: 5 };
  await fetches.complete({ provider, day, recordId, attemptId, status: as, end: ended });
}

/** What the waker saw last. */
async function see(changes: Partial<Snapshot>): Promise<void> {
  const none = { visibleCount: 0, inFlightCount: 0 };
  await harness.stores.history.append({
    atMs: harness.clock.nowMs(),
    phase: "closed",
    limit: 3,
    maxConcurrency: 3,
    inFlightCount: 0,
    queued: { records: none, express: none },
    deadLetterCount: 0,
    outcomes: outcomeTotalsOf(NO_EVIDENCE),
    ...changes,
  });
}

describe("a record", () => {
  test("can't be told of before the deployment has told its contract", async () => {
    const fresh = createSchedulerHarness();
    await expect(fresh.scheduler.record("a")).rejects.toMatchObject({ code: "contract-unknown" });
  });

  test.each(["a", "<img onerror>", "🦊 ü", "x".repeat(1_024), "sha256:a"])(
    "that nobody has asked for is unknown: %j",
    async (recordId) => {
      await harness.scheduler.enqueue(numbered(3), { runId: "night" });
      expect(await status(recordId)).toEqual({
        recordId,
        day: "2026-11-18",
        state: { kind: "unknown" },
        attempts: [],
        attemptCount: 0,
        maxAttempts: 5,
        runs: [],
      });
    },
  );

  test.each(["a", "<img onerror>", "🦊 ü", "x".repeat(1_024)])(
    "that is enqueued alone is queued, and has its run: %j",
    async (recordId) => {
      await harness.scheduler.enqueue([recordId], { runId: "one", lane: "express" });
      expect(await status(recordId)).toMatchObject({
        state: { kind: "queued", waits: [] },
        runs: [{ runId: "one", lane: "express", state: "open", createdAtMs: NOON_MS }],
      });
    },
  );

  test("waits for what keeps the provider from it, express records first", async () => {
    await harness.scheduler.enqueue(numbered(2), { runId: "night" });
    await see({
      phase: "open",
      probeAtMs: NOON_MS + 5_000,
      heldUntilMs: NOON_MS + 1,
      plannedUntilMs: NOON_MS + 2,
      quotaHeldUntilMs: { records: NOON_MS + 3, express: 0 },
      queued: {
        records: { visibleCount: 70, inFlightCount: 4 },
        express: { visibleCount: 5, inFlightCount: 2 },
      },
    });
    expect((await status("r1")).state).toEqual({
      kind: "queued",
      waits: [
        { kind: "breaker", untilMs: NOON_MS + 5_000 },
        { kind: "retry-after", untilMs: NOON_MS + 1 },
        { kind: "plan", untilMs: NOON_MS + 2 },
        { kind: "quota", untilMs: NOON_MS + 3 },
        { kind: "queue", messageCount: 75 },
      ],
    });
    await harness.scheduler.enqueue(["r1"], { lane: "express" });
    expect((await status("r1")).state).toMatchObject({
      waits: expect.arrayContaining([{ kind: "queue", messageCount: 5 }]),
    });
    await see({ phase: "half-open", environmentHold: "cant-begin", atMs: NOON_MS + 1 });
    expect((await status("r1")).state).toEqual({ kind: "queued", waits: [{ kind: "environment" }] });
  });

  test("that failed waits for its back-off at most, then for its turn", async () => {
    await harness.scheduler.enqueue(numbered(2), { runId: "night" });
    await attempt("r1", "failed", "fault");
    expect(await status("r1")).toMatchObject({
      state: { kind: "waiting", waits: [{ kind: "back-off", untilMs: NOON_MS + 5 + MINUTE_MS }] },
      attempts: [{ outcome: "fault", cause: "HTTP 500", latencyMs: 5 }],
      attemptCount: 1,
    });
    harness.clock.advance(2 * MINUTE_MS);
    expect((await status("r1")).state).toEqual({ kind: "waiting", waits: [] });
  });

  test("that is under way says until when it may be, and that it was cut off after that", async () => {
    await harness.scheduler.enqueue(numbered(2), { runId: "night" });
    await harness.stores.fetches.claim(claimOf("r0"));
    const leaseUntilMs = NOON_MS + MINUTE_MS;
    const fetching = { kind: "fetching", leaseUntilMs, claimedAtMs: NOON_MS };
    expect((await status("r0")).state).toEqual({ ...fetching, isCutOff: false });
    harness.clock.advance(MINUTE_MS + 1);
    expect((await status("r0")).state).toEqual({ ...fetching, isCutOff: true });
  });

  test("that is fetched, or dead, says when, by whom and why, whatever else the provider does", async () => {
    await harness.scheduler.enqueue(numbered(2), { runId: "night" });
    await attempt("r0", "fetched", "ok");
    await attempt("r1", "dead", "rejected");
    await end("night", 0, "fetched");
    await end("night", 1, "dead");
    await see({ phase: "open", probeAtMs: NOON_MS + 5_000 });
    expect(await status("r0")).toMatchObject({
      state: { kind: "fetched", atMs: NOON_MS + 5, runId: "night" },
      runs: [{ runId: "night", state: "completed", end: "fetched" }],
    });
    expect(await status("r1")).toMatchObject({
      state: { kind: "dead", atMs: NOON_MS + 5, cause: "HTTP 500" },
      runs: [{ runId: "night", end: "dead" }],
    });
  });

  test("is another one on the next provider day", async () => {
    await harness.scheduler.enqueue(["r0"], { runId: "one" });
    await attempt("r0", "fetched", "ok");
    await end("one", 0, "fetched");
    harness.clock.advance(DAY_MS);
    expect(await status("r0")).toMatchObject({
      day: "2026-11-19",
      state: { kind: "unknown" },
      runs: [{ runId: "one", state: "completed", end: "fetched" }],
    });
  });
});

describe("the runs of a record", () => {
  const runsOf = async (recordId: string) =>
    (await readRunsOf(recordId, { ...harness, ...harness.stores })).map(({ runId }) => runId);

  test("are those of two weeks that still ask for it, and of others those that were completed in two days", async () => {
    await harness.scheduler.enqueue(numbered(50), { runId: "done long ago" });
    for (const number of numbered(50).keys()) await end("done long ago", number, "fetched");
    await harness.scheduler.enqueue(numbered(50), { runId: "open for long" });
    harness.clock.advance(3 * DAY_MS);
    await harness.scheduler.enqueue(numbered(50), { runId: "done of late" });
    for (const number of numbered(50).keys()) await end("done of late", number, "fetched");
    harness.clock.advance(DAY_MS);
    expect(await runsOf("r49")).toEqual(["open for long", "done of late"]);
    harness.clock.advance(10 * DAY_MS);
    expect(await runsOf("r49")).toEqual(["open for long"]);
  });

  test("are found after a crash between taking records in and listing them, once the run is enqueued again", async () => {
    const { rosters } = harness.stores;
    const { keepRoster } = rosters;
    Object.assign(rosters, { keepRoster: async () => Promise.reject(new Error("crash")) });
    await expect(harness.scheduler.enqueue(numbered(50), { runId: "night" })).rejects.toThrow("crash");
    Object.assign(rosters, { keepRoster });
    await harness.scheduler.enqueue(numbered(50), { runId: "night" });
    expect(await runsOf("r49")).toEqual(["night"]);
  });

  test("has a run once that was interrupted after its only record, and enqueued again", async () => {
    const input = (async function* () {
      yield "r7";
      await new Promise(() => {});
    })();
    const stop = new AbortController();
    const first = harness.scheduler.enqueue(input, { runId: "one", signal: stop.signal });
    for (let seconds = 0; seconds < 5; seconds += 1) {
      await new Promise(setImmediate);
      harness.clock.advance(1_000);
    }
    stop.abort();
    await harness.errorOf(first);
    await harness.scheduler.enqueue(["r7"], { runId: "one" });
    await harness.scheduler.enqueue(["r7"], { runId: "one" });
    expect(await runsOf("r7")).toEqual(["one"]);
  });

  const anyRun = fc.record({
    first: fc.nat({ max: 60 }),
    count: fc.oneof(fc.constantFrom(0, 1, 2, 40, 41), fc.nat({ max: 100 })),
    concurrency: fc.constantFrom(1, 3),
    /** Records after which the input breaks, and is enqueued again. */
    brokenAfter: fc.option(fc.nat({ max: 100 })),
    hasOwnName: fc.boolean(),
  });

  test("are all that have it, and no others, whatever their sizes and interruptions", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRun, { maxLength: 5 }), async (given) => {
        const mine = createSchedulerHarness();
        const asked = new Map<string, string[]>();
        for (const [at, { first, count, concurrency, brokenAfter, hasOwnName }] of given.entries()) {
          const ids = numbered(first + count).slice(first);
          const runId = hasOwnName || brokenAfter !== null ? `named ${at}` : undefined;
          const options = { concurrency, ...(runId !== undefined && { runId }) };
          if (brokenAfter !== null && brokenAfter < count) {
            const broken = (function* () {
              yield* ids.slice(0, brokenAfter);
              throw new Error("broken");
            })();
            await mine.scheduler.enqueue(broken, options).catch(() => undefined);
          }
          const { runId: name } = await mine.scheduler.enqueue(ids, options);
          for (const id of ids) asked.set(id, [...(asked.get(id) ?? []), name]);
          mine.clock.advance(1);
        }
        for (const recordId of ["r0", "r41", "r60", "r99", ...asked.keys()]) {
          const found = await readRunsOf(recordId, { ...mine, ...mine.stores });
          expect(found.map(({ runId }) => runId)).toEqual(asked.get(recordId) ?? []);
        }
      }),
      { numRuns: 60 },
    );
  });
});
