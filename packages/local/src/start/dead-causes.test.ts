import type { Fetch } from "@sluice/core/ports";
import { expect, test } from "vitest";
import { deadCausesOf } from "./dead-causes.ts";

const rowOf = (
  recordId: string,
  status: Fetch["status"],
  causes: readonly (string | undefined)[],
): Fetch => ({
  provider: "demo",
  day: "2026-11-18",
  recordId,
  status,
  attempts: causes.length,
  history: causes.map((cause, at) => ({
    attemptId: String(at),
    startedAtMs: at,
    endedAtMs: at,
    outcome: "fault" as const,
    ...(cause !== undefined && { cause }),
  })),
  attemptId: "0",
  leaseUntilMs: 0,
  runId: "run",
  correlationId: "run",
});

test("dead records are grouped by the last cause, whatever their ids, the most frequent first", () => {
  expect(
    deadCausesOf([
      rowOf("a/1", "dead", ["timed out"]),
      rowOf("b", "dead", ["timed out", "no record b"]),
      rowOf("c/2", "dead", ["no record c%2F2", undefined]),
      rowOf("d", "dead", []),
      rowOf("e", "fetched", ["timed out"]),
      rowOf("f", "failed", ["timed out"]),
    ]),
  ).toEqual([
    { cause: "no record …", count: 2, recordId: "b" },
    { cause: "timed out", count: 1, recordId: "a/1" },
    { cause: "each of its attempts was cut off by a crash", count: 1, recordId: "d" },
  ]);
});
