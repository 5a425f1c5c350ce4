import { NOON_MS } from "@sluice/testing/fake-clock";
import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { inTurn, rankCandidates, type Standing } from "./candidates.ts";
import { fetchKeyOf } from "./fetch-record.ts";

const LEASE_MS = 60_000;

/** The standing of a record in a probe, and whether it is free, after so many probes that a crash cut off. */
async function afterCutOffs(count: number, lastOkAtMs: number) {
  const { deps, clock } = createVentilatorHarness((request) => reply(request, { kind: "ok", latencyMs: 1 }));
  const received = messageFor("one");
  for (let index = 0; index < count; index += 1) {
    const names = { attemptId: `cut-off-${index}`, runId: "run", correlationId: "correlation" };
    const times = { nowMs: clock.nowMs(), leaseUntilMs: clock.nowMs() + LEASE_MS };
    const claim = { ...fetchKeyOf("one", deps), ...names, ...times, maxAttempts: 1, isRedriven: false };
    await deps.fetches.claim({ ...claim, isFree: true });
    clock.advance(LEASE_MS + 1);
  }
  const [candidate] = await rankCandidates(
    [{ received, message: JSON.parse(received.body) }],
    lastOkAtMs,
    deps,
  );
  return { standing: candidate?.standing, isFree: candidate?.task.isFree ?? false };
}

const LATER_MS = NOON_MS + 3_600_000;

test.each([
  [0, 0, { standing: "fresh", isFree: true }],
  [1, 0, { standing: "asked", isFree: true }],
  [1, LATER_MS, { standing: "doubtful", isFree: true }],
  [4, LATER_MS, { standing: "doubtful", isFree: true }],
  [5, LATER_MS, { standing: "doubtful", isFree: false }],
])(
  "after %i probes that were cut off, and a success at %i, a record stands so: %j",
  async (count, lastOkAtMs, expected) => {
    expect(await afterCutOffs(count, lastOkAtMs)).toEqual(expected);
  },
);

test.each([
  [NOON_MS - 1, "rejected"],
  [NOON_MS + 1, "fresh"],
] as const)("a rejected record, with a success at %i, stands as %s", async (lastOkAtMs, expected) => {
  const harness = createVentilatorHarness((request) =>
    reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" }),
  );
  const received = messageFor("one");
  await harness.run([received]);
  const task = { received, message: JSON.parse(received.body) };
  expect(await rankCandidates([task], lastOkAtMs, harness.deps)).toMatchObject([{ standing: expected }]);
});

test("of two that stand alike, the one that was claimed earlier is asked first", () => {
  const at = (standing: Standing, claimedAtMs: number) => ({ standing, claimedAtMs });
  const [hit, early, late] = [at("hit", 9), at("asked", 3), at("asked", 7)];
  expect(inTurn([late, early, hit])).toEqual([hit, early, late]);
});
