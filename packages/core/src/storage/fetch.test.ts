import { expect, test } from "vitest";
import type { Attempt, Fetch } from "../ports/fetch-store.ts";
import type { OutcomeKind } from "../worker/outcome.ts";
import { cutOffCount, refusalOf } from "./fetch.ts";

function row(changes: Partial<Fetch>): Fetch {
  return {
    provider: "demo",
    day: "2026-11-18",
    recordId: "a",
    status: "failed",
    attempts: 1,
    history: [],
    attemptId: "one",
    leaseUntilMs: 5_000,
    runId: "run",
    correlationId: "trace",
    ...changes,
  };
}

function ended(outcome: OutcomeKind, cause?: string): Attempt {
  const end = { attemptId: "one", startedAtMs: 0, endedAtMs: 1, outcome };
  return cause === undefined ? end : { ...end, cause };
}

test.each([
  ["a first attempt that goes on", row({ status: "fetching", attempts: 1 }), 0],
  ["a second attempt after a crash", row({ status: "fetching", attempts: 2 }), 1],
  ["a failure that was recorded", row({ attempts: 1, history: [ended("fault")] }), 0],
  [
    "failures before the record was fetched",
    row({ status: "fetched", attempts: 3, history: [ended("fault"), ended("throttled"), ended("ok")] }),
    0,
  ],
  [
    "a crash before the record was fetched",
    row({ status: "fetched", attempts: 2, history: [ended("ok")] }),
    1,
  ],
  [
    "a crash of the worker, which the ventilator recorded",
    row({ status: "fetched", attempts: 2, history: [ended("unavailable"), ended("slow")] }),
    1,
  ],
  [
    "crashes of both kinds, and a third attempt that goes on",
    row({ status: "fetching", attempts: 3, history: [ended("unavailable")] }),
    2,
  ],
  ["all attempts lost", row({ status: "dead", attempts: 4 }), 4],
  ["a claim that was given back unused", row({ attempts: 0 }), 0],
])("%s: counts the starts that a crash cut off", (_, fetch, expected) => {
  expect(cutOffCount(fetch)).toBe(expected);
});

test.each([
  ["fetched", row({ status: "fetched", runId: "night" }), { kind: "fetched", runId: "night" }],
  [
    "dead",
    row({ status: "dead", attempts: 1, history: [{ ...ended("rejected"), cause: "HTTP 404" }] }),
    { kind: "dead", cause: "HTTP 404" },
  ],
  [
    "being fetched",
    row({ status: "fetching", waiting: [{ runId: "other", number: 7 }] }),
    {
      kind: "in-flight",
      leaseUntilMs: 5_000,
      attempt: { attemptId: "one", runId: "run", waiting: [{ runId: "other", number: 7 }] },
    },
  ],
  [
    "failed with attempts left, and was claimed later",
    row({ attempts: 1, claimedAtMs: 6_000 }),
    { kind: "in-flight", leaseUntilMs: 6_000 },
  ],
  [
    "cut off with attempts left, and was claimed later",
    row({ status: "fetching", attempts: 1, leaseUntilMs: 4_999, claimedAtMs: 6_000 }),
    { kind: "in-flight", leaseUntilMs: 6_000 },
  ],
  [
    "cut off each time, the last time too",
    row({ status: "fetching", attempts: 3, leaseUntilMs: 4_999 }),
    { kind: "exhausted", attempts: 3, cause: "3 of 3 attempts were cut off" },
  ],
  [
    "cut off the last time",
    row({ status: "fetching", attempts: 3, leaseUntilMs: 4_999, history: [ended("fault", "HTTP 500")] }),
    { kind: "exhausted", attempts: 3, cause: "2 of 3 attempts were cut off; before: HTTP 500" },
  ],
  [
    "failed too often",
    row({ attempts: 2, history: [ended("fault", "HTTP 500"), ended("fault", "HTTP 502")] }),
    { kind: "exhausted", attempts: 2, cause: "HTTP 502" },
  ],
  [
    "cut off too often",
    row({ attempts: 3 }),
    { kind: "exhausted", attempts: 3, cause: "3 of 3 attempts were cut off" },
  ],
])("a record that is %s refuses a claim and says so", (_, fetch, refusal) => {
  expect(refusalOf(fetch, { nowMs: 5_000, maxAttempts: 2 })).toEqual(refusal);
});
