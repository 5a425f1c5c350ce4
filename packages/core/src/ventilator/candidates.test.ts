import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { rankCandidates } from "./candidates.ts";
import { fetchKeyOf } from "./fetch-record.ts";

const LEASE_MS = 60_000;

/** The standing of a record in a probe, and whether it is free, after so many probes that a crash cut off. */
async function afterCutOffs(count: number) {
  const { deps, clock } = createVentilatorHarness((request) => reply(request, { kind: "ok", latencyMs: 1 }));
  const received = messageFor("one");
  for (let index = 0; index < count; index += 1) {
    const names = { attemptId: `cut-off-${index}`, runId: "run", correlationId: "correlation" };
    const times = { nowMs: clock.nowMs(), leaseUntilMs: clock.nowMs() + LEASE_MS };
    const claim = { ...fetchKeyOf("one", deps), ...names, ...times, maxAttempts: 1, isRedriven: false };
    await deps.fetches.claim({ ...claim, isFree: true });
    clock.advance(LEASE_MS + 1);
  }
  const [candidate] = await rankCandidates([{ received, message: JSON.parse(received.body) }], 0, deps);
  return { standing: candidate?.standing, isFree: candidate?.task.isFree ?? false };
}

test.each([
  [0, { standing: "fresh", isFree: true }],
  [1, { standing: "doubtful", isFree: true }],
  [4, { standing: "doubtful", isFree: true }],
  [5, { standing: "doubtful", isFree: false }],
])("after %i probes that were cut off, a record is asked: %j", async (count, expected) => {
  expect(await afterCutOffs(count)).toEqual(expected);
});
