import { expect, test } from "vitest";
import { type Audit, createAudit, RETRY_AFTER_GRACE_MS } from "./audit.ts";

const NOON_MS = Date.parse("2026-11-20T12:00:00Z");

test("counts requests, those in flight, and starts beyond X", () => {
  const audit = createZurichAudit(2);
  const visits = ["a", "b", "c"].map((recordId) => audit.started(recordId, 2, NOON_MS));
  for (const visit of visits) audit.answered(visit, { status: 200 }, NOON_MS);
  audit.answered(audit.started("d", 2, NOON_MS), { status: 404 }, NOON_MS);
  expect(audit.report()).toMatchObject({
    requestCount: 4,
    inFlightCount: 0,
    mostInFlightCount: 3,
    boundViolationCount: 1,
    answersByStatus: { 200: 3, 404: 1, 429: 0, 500: 0 },
  });
});

test("tells starts in an outage from starts beyond a capacity", () => {
  const audit = createZurichAudit(20);
  audit.started("a", 0, NOON_MS);
  audit.started("b", 0, NOON_MS);
  audit.started("c", 2, NOON_MS);
  audit.started("d", 4, NOON_MS);
  expect(audit.report()).toMatchObject({
    startsInOutageCount: 2,
    startsOverCapacityCount: 1,
    excessSum: 0.5,
  });
});

test("counts starts that disregard a Retry-After, but not those within the grace", () => {
  const audit = createZurichAudit(20);
  answer(audit, "a", { status: 429, retryAfterSeconds: 60 }, NOON_MS);
  for (const afterMs of [0, RETRY_AFTER_GRACE_MS, RETRY_AFTER_GRACE_MS + 1, 59_999, 60_000]) {
    audit.started("b", 20, NOON_MS + afterMs);
  }
  expect(audit.report().startsDuringRetryAfterCount).toBe(2);
});

test("an aborted request is no longer in flight and was not served", () => {
  const audit = createZurichAudit(20);
  const visit = audit.started("a", 20, NOON_MS);
  expect(audit.inFlightCount()).toBe(1);
  audit.aborted(visit);
  expect(audit.report()).toMatchObject({ inFlightCount: 0, abortedCount: 1, servedByDay: {} });
  expect(audit.wasServed("a")).toBe(false);
});

test("a day ends at midnight in the provider's time zone, and an answer counts to the day of its start", () => {
  const audit = createZurichAudit(20);
  const midnightMs = Date.parse("2026-11-20T23:00:00Z");
  const visit = audit.started("a", 20, midnightMs - 1);
  audit.answered(visit, { status: 200 }, midnightMs + 5_000);
  answer(audit, "a", { status: 200 }, midnightMs);
  expect(audit.report()).toMatchObject({
    servedByDay: { "2026-11-20": 1, "2026-11-21": 1 },
    servedAgain: [],
  });
  expect(audit.wasServed("a", "2026-11-20")).toBe(true);
  expect(audit.wasServed("a", "2026-11-22")).toBe(false);
});

test("lists records that were served more than once in a day; failures do not count", () => {
  const audit = createZurichAudit(20);
  for (const status of [500, 200, 200, 200] as const) answer(audit, "twice", { status }, NOON_MS);
  for (const status of [429, 500, 404, 200] as const) answer(audit, "once", { status }, NOON_MS);
  expect(audit.report().servedAgain).toEqual([{ day: "2026-11-20", recordId: "twice", count: 3 }]);
  expect([...audit.served()]).toEqual([
    { day: "2026-11-20", recordId: "twice", count: 3 },
    { day: "2026-11-20", recordId: "once", count: 1 },
  ]);
});

function createZurichAudit(maxConcurrency: number): Audit {
  return createAudit({ maxConcurrency, timeZone: "Europe/Zurich" });
}

function answer(
  audit: Audit,
  recordId: string,
  given: { status: 200 | 404 | 429 | 500; retryAfterSeconds?: number },
  atMs: number,
): void {
  audit.answered(audit.started(recordId, 20, atMs), given, atMs);
}
