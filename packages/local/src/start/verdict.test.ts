import type { Attempt, BreakerEvent, Fetch } from "@sluice/core/ports";
import { expect, test } from "vitest";
import type { RequestSpan } from "../provider-simulator/request-log.ts";
import type { ProviderWitness, RunEvidence } from "./run-evidence.ts";
import { judgeRun } from "./verdict.ts";

const DAY = "2026-11-18";

function rowOf(recordId: string, changes: Partial<Fetch> = {}): Fetch {
  return {
    provider: "demo",
    day: DAY,
    recordId,
    status: "fetched",
    attempts: 1,
    history: [endedAs("ok")],
    attemptId: "one",
    leaseUntilMs: 5_000,
    runId: "run",
    correlationId: "trace",
    ...changes,
  };
}

function endedAs(outcome: Attempt["outcome"]): Attempt {
  return { attemptId: "one", startedAtMs: 0, endedAtMs: 1, outcome };
}

const faults = (count: number) => Array.from({ length: count }, () => endedAs("fault"));

const DEAD = rowOf("dead", { status: "dead", attempts: 3, history: faults(3) });
const REJECTED = rowOf("rejected", { status: "dead", history: [endedAs("rejected")] });

const PROVIDER: ProviderWitness = {
  mostInFlightCount: 5,
  startsDuringRetryAfterCount: 0,
  requests: [],
  servedAgain: [],
  wasServed: (recordId) => recordId === "a" || recordId === "b",
};

/** Two records fetched, one dead after all its attempts, one rejected by the provider: all as it should be. */
const CLEAN: RunEvidence = {
  run: {
    accepted: 4,
    fetched: 1,
    fetchedBefore: 1,
    dead: 2,
    expired: 0,
    cancelled: 0,
    open: 0,
    completedEvents: 1,
  },
  expectedIds: new Set(["a", "b", "dead", "rejected"]),
  acceptedCount: 4,
  isInterrupted: false,
  rows: [
    rowOf("a"),
    rowOf("b", { attempts: 2, history: [endedAs("fault"), endedAs("slow")] }),
    DEAD,
    REJECTED,
  ],
  deadLetterIds: new Set(["dead", "rejected"]),
  stillQueuedCount: 0,
  provider: PROVIDER,
  contract: { timeZone: "UTC" },
  maxConcurrency: 5,
  maxAttempts: 3,
  events: [],
  acceptedUpdateCount: 0,
  killCount: 0,
  mustSpareHealthy: true,
  isHopeless: (recordId) => recordId === "dead" || recordId === "rejected",
};

/** A trip from one epoch to the next, and the valve that it shut. */
function trip(epoch: number): BreakerEvent[] {
  const before = { phase: "closed", limit: 5, epoch };
  const after = { phase: "open", limit: 5, epoch: epoch + 1 };
  const event = { id: `trip-${epoch}`, atMs: epoch, summary: "", kind: "decision" as const };
  return [
    { ...event, details: { rule: "outage", inputs: {}, before, after } },
    { ...event, id: `valve-${epoch}`, kind: "valve", details: {} },
  ];
}

/** Evidence with these changes, and the ledger that it would have. */
function having(changes: Partial<RunEvidence>): RunEvidence {
  const evidence = { ...CLEAN, ...changes };
  const { rows, expectedIds, acceptedCount: accepted } = evidence;
  const count = (status: Fetch["status"]) =>
    new Set(
      rows.filter((row) => row.status === status && expectedIds.has(row.recordId)).map((row) => row.recordId),
    ).size;
  const run = { ...CLEAN.run, accepted, fetched: count("fetched"), fetchedBefore: 0, dead: count("dead") };
  return { ...evidence, run: changes.run ?? run };
}
const noting = (changes: Partial<RunEvidence["run"]>) => having({ run: { ...CLEAN.run, ...changes } });
const seeing = (changes: Partial<ProviderWitness>) => having({ provider: { ...PROVIDER, ...changes } });
const replacing = (row: Fetch) =>
  having({ rows: CLEAN.rows.map((other) => (other.recordId === row.recordId ? row : other)) });
const NIGHT = { windows: { open: [{ days: ["mon-sun"], from: "21:00", to: "06:00" }] } };
const TWO_A_MINUTE = { quotas: [{ requests: 2, per: "minute" }] } as const;
const NOON_MS = Date.parse(`${DAY}T12:00:00Z`);

/** A request at a time of the day. */
function seenAt(time: string, durationMs = 0): RequestSpan {
  const startedAtMs = Date.parse(`${DAY}T${time}Z`);
  return { startedAtMs, endedAtMs: startedAtMs + durationMs };
}

/** An order, at noon, to hold the provider for a while. */
function heldFor(durationMs: number): BreakerEvent {
  const hold = { id: "hold", by: "anna", fromMs: NOON_MS - 2_000, untilMs: NOON_MS + durationMs };
  return { id: "order", atMs: NOON_MS, kind: "order", summary: "", details: { given: { hold }, ended: {} } };
}

/** The clean run of a provider with a contract that has seen these requests. */
function seen(contract: Partial<RunEvidence["contract"]>, requests: readonly RequestSpan[]): RunEvidence {
  return { ...seeing({ requests }), contract: { timeZone: "UTC", ...contract } };
}

const servedAgain = (count: number, recordId = "a", day = DAY) => [{ day, recordId, count }];

test("clean evidence breaks no rule, and is counted", () => {
  expect(judgeRun(CLEAN)).toEqual({
    fetched: 2,
    deadLettered: 2,
    attempts: 7,
    duplicateFetches: 0,
    crashWindowFetches: 0,
    healthyDeadLettered: 0,
    trips: 0,
    probes: 0,
    decisions: 0,
    valveUpdates: 0,
    whileClosedCount: 0,
    quotaPeaks: [],
    holds: [],
    whileHeldCount: 0,
    broken: [],
  });
});

test("what the breaker did is counted", () => {
  expect(judgeRun(having({ events: trip(0), acceptedUpdateCount: 1 }))).toMatchObject({
    trips: 1,
    probes: 0,
    decisions: 1,
    valveUpdates: 1,
    broken: [],
  });
});

test.each<[rule: string, what: string, evidence: RunEvidence]>([
  ["bound", "6 requests in flight, 5 allowed", seeing({ mostInFlightCount: 6 })],
  ["bound", "2 requests while the provider had asked us to wait", seeing({ startsDuringRetryAfterCount: 2 })],
  ["once a day", "1 records fetched again on the same day", seeing({ servedAgain: servedAgain(2) })],
  ["once a day", "2 records fetched again on the same day", seeing({ servedAgain: servedAgain(3) })],
  [
    "nothing lost",
    '1 records are neither fetched nor dead-lettered, and 0 are queued: "gone"',
    having({ expectedIds: new Set([...CLEAN.expectedIds, "gone"]), acceptedCount: 5 }),
  ],
  [
    "nothing lost",
    '1 records are neither fetched nor dead-lettered, and 0 are queued: "a"',
    replacing(rowOf("a", { status: "failed", history: faults(1) })),
  ],
  [
    "nothing lost",
    '1 records are neither fetched nor dead-lettered, and 0 are queued: "a"',
    replacing(rowOf("a", { status: "fetching", history: [] })),
  ],
  [
    "nothing lost",
    '4 records are neither fetched nor dead-lettered, and 3 are queued: "w", "x", "y", …',
    having({
      expectedIds: new Set([...CLEAN.expectedIds, "w", "x", "y", "z"]),
      acceptedCount: 8,
      stillQueuedCount: 3,
    }),
  ],
  ["nothing lost", "3 records enqueued of 4 valid ones", having({ acceptedCount: 3 })],
  ["nothing lost", "5 records enqueued of 4 valid ones", having({ acceptedCount: 5 })],
  [
    "attempts are starts",
    '1 records died before their attempts were used up: "dead"',
    replacing({ ...DEAD, attempts: 2, history: faults(2) }),
  ],
  [
    "attempts are starts",
    '1 records died before their attempts were used up: "dead"',
    replacing({ ...DEAD, attempts: 0, history: [] }),
  ],
  [
    "attempts are starts",
    '1 records died that the provider would have served: "dead"',
    having({ isHopeless: (recordId) => recordId === "rejected" }),
  ],
  [
    "only the breaker turns the valve",
    "2 updates of event source mappings, 1 of the breaker's",
    having({ events: trip(0), acceptedUpdateCount: 2 }),
  ],
  [
    "only the breaker turns the valve",
    "0 updates of event source mappings, 1 of the breaker's",
    having({ events: trip(0), killCount: 1 }),
  ],
  [
    "late news is not news",
    "decisions that do not follow from the one before: outage (epoch 1 → 2)",
    having({ events: trip(1), acceptedUpdateCount: 1 }),
  ],
  ["no stuck state", "nothing moved for 30 s", having({ stalledAfterMs: 30_000 })],
  [
    "replies are the worker's own",
    '1 records count as fetched that the provider never served: "b"',
    seeing({ wasServed: (recordId) => recordId === "a" }),
  ],
  [
    "window",
    "2 requests in flight while the provider was closed",
    seen(NIGHT, [seenAt("05:59:59", 1_000), seenAt("05:59:59", 1_001), seenAt("20:59:59.999")]),
  ],
  [
    "quota",
    "3 requests started in a minute, 2 allowed",
    seen(TWO_A_MINUTE, [seenAt("12:00:00"), seenAt("12:00:30"), seenAt("12:00:59"), seenAt("12:01:30")]),
  ],
  [
    "operators",
    "1 requests started while an operator held the provider",
    {
      ...seen({}, [seenAt("12:00:02"), seenAt("12:00:03"), seenAt("12:00:20")]),
      events: [heldFor(20_000)],
    },
  ],
  ["ledger", "1 records are open in the ledger, and nothing is queued", noting({ open: 1 })],
  ["ledger", "the ledger has 3 records, and 4 were accepted", noting({ accepted: 3 })],
  ["ledger", "the ledger has 1 fetched and 0 fetched before, the table 2", noting({ fetchedBefore: 0 })],
  ["ledger", "the ledger has 1 dead, the table 2", noting({ dead: 1 })],
  ["ledger", "0 events tell that the run is completed", noting({ completedEvents: 0 })],
])("%s: %s", (rule, what, evidence) => {
  expect(judgeRun(evidence).broken).toEqual([{ rule, what }]);
});

test("a kill may swallow the note on one thing that was done", () => {
  const evidence = having({ events: trip(1), acceptedUpdateCount: 2 });
  expect(judgeRun({ ...evidence, killCount: 1 }).broken).toEqual([]);
  expect(judgeRun(evidence).broken).toHaveLength(2);
});

test("healthy records that trouble on demand has killed are counted, and no broken rule", () => {
  const evidence = having({ isHopeless: () => false, mustSpareHealthy: false });
  expect(judgeRun(evidence)).toMatchObject({ healthyDeadLettered: 2, broken: [] });
});

test("a dead record without a dead letter is lost, and named as what it is", () => {
  expect(judgeRun(having({ deadLetterIds: new Set(["rejected"]) })).broken).toEqual([
    { rule: "nothing lost", what: expect.stringContaining("neither fetched nor dead-lettered") },
    { rule: "nothing lost", what: '1 records are dead without a dead letter: "dead"' },
  ]);
});

test("a dead letter alone saves no record that the table does not know as dead", () => {
  const evidence = having({ rows: CLEAN.rows.filter((row) => row !== DEAD) });
  expect(judgeRun(evidence).broken).toEqual([
    { rule: "nothing lost", what: expect.stringContaining('"dead"') },
  ]);
});

test("records that are still queued are not lost", () => {
  const expectedIds = new Set([...CLEAN.expectedIds, "later"]);
  const evidence = having({ expectedIds, acceptedCount: 5, stillQueuedCount: 1 });
  expect(judgeRun(evidence).broken).toEqual([]);
});

test("what a stopped run had read but not enqueued is not lost, what it had enqueued is", () => {
  const expectedIds = new Set([...CLEAN.expectedIds, "unsent", "sent"]);
  const stopped = having({ expectedIds, acceptedCount: 5, isInterrupted: true, stillQueuedCount: 1 });
  expect(judgeRun(stopped).broken).toEqual([]);
  expect(judgeRun({ ...stopped, stillQueuedCount: 0 }).broken).toEqual([
    { rule: "nothing lost", what: expect.stringContaining('"unsent", "sent"') },
  ]);
});

test("every rule that is broken is named", () => {
  const evidence = {
    ...seeing({ mostInFlightCount: 9, servedAgain: servedAgain(2) }),
    stalledAfterMs: 1_000,
  };
  expect(judgeRun(evidence).broken.map(({ rule }) => rule)).toEqual([
    "bound",
    "once a day",
    "no stuck state",
  ]);
});

test.each<[what: string, row: Fetch, servedCount: number, duplicates: number, inCrashWindow: number]>([
  ["a start that was cut off", rowOf("a", { attempts: 2 }), 2, 0, 1],
  [
    "a worker that crashed",
    rowOf("a", { attempts: 2, history: [endedAs("unavailable"), endedAs("ok")] }),
    2,
    0,
    1,
  ],
  ["two crashes", rowOf("a", { attempts: 3 }), 3, 0, 2],
  ["fewer crashes than fetches", rowOf("a", { attempts: 2 }), 3, 1, 1],
  ["more crashes than fetches", rowOf("a", { attempts: 4 }), 2, 0, 1],
  [
    "a failure that was recorded, which explains nothing",
    rowOf("a", { attempts: 2, history: [endedAs("fault"), endedAs("ok")] }),
    2,
    1,
    0,
  ],
])("fetched again after %s: what a crash explains is counted apart", (_, row, count, duplicates, crashes) => {
  const { provider } = seeing({ servedAgain: servedAgain(count) });
  const verdict = judgeRun({ ...replacing(row), provider });
  expect(verdict.duplicateFetches).toBe(duplicates);
  expect(verdict.crashWindowFetches).toBe(crashes);
  expect(verdict.broken.map(({ rule }) => rule)).toEqual(duplicates === 0 ? [] : ["once a day"]);
});

test.each([
  ["another record", "b", DAY],
  ["another day", "a", "2026-11-19"],
])("a crash of %s explains nothing", (_, recordId, day) => {
  const { provider } = seeing({ servedAgain: servedAgain(2, recordId, day) });
  expect(judgeRun({ ...replacing(rowOf("a", { attempts: 2 })), provider })).toMatchObject({
    duplicateFetches: 1,
    crashWindowFetches: 0,
  });
});

test("requests that keep to windows, quotas and holds break nothing, and are counted", () => {
  const requests = [seenAt("05:59:00"), seenAt("05:59:58", 2_000), seenAt("23:00:00", 60_000)];
  const contract = { ...NIGHT, ...TWO_A_MINUTE };
  expect(judgeRun({ ...seen(contract, requests), events: [heldFor(20_000)] })).toMatchObject({
    whileClosedCount: 0,
    quotaPeaks: [{ per: "minute", requests: 2, mostStarts: 2 }],
    holds: [{ by: "anna", fromMs: NOON_MS, untilMs: NOON_MS + 20_000 }],
    whileHeldCount: 0,
    broken: [],
  });
});
