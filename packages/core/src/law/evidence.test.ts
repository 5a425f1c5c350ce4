import { expect, test } from "vitest";
import type { Outcome } from "../worker/outcome.ts";
import { evidenceOf, evidenceSchema, NO_EVIDENCE } from "./evidence.ts";

const throttled = (retryAfterMs?: number): Outcome => ({
  kind: "throttled",
  latencyMs: 50,
  cause: "HTTP 429",
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

test.each([
  ["none", undefined, { throttledCount: 1 }],
  ["thirty seconds", 30_000, { throttledCount: 1, heldCount: 1, heldSumMs: 30_000 }],
  ["nothing at all: the gate is held for a second", 0, { throttledCount: 1, heldCount: 1, heldSumMs: 1_000 }],
  ["days: the gate is held for an hour", 1e9, { throttledCount: 1, heldCount: 1, heldSumMs: 3_600_000 }],
])("a throttled call with a Retry-After of %s", (_, retryAfterMs, evidence) => {
  expect(evidenceOf(throttled(retryAfterMs), "provider", 30_000)).toEqual(evidence);
});

test("a row of a version that knew no holds has none", () => {
  expect(evidenceSchema.parse({ throttledCount: 2 })).toEqual({ ...NO_EVIDENCE, throttledCount: 2 });
});
