import { createMemoryQueue } from "@sluice/testing/memory-queue";
import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { byLane } from "../provider/lane.ts";
import { fetchKeyOf } from "../ventilator/fetch-record.ts";
import { receiveCandidates } from "./receive-candidates.ts";

const LEASE_MS = 60_000;

/** The records that one search finds where so many have been asked in vain since the last success, and one behind them has not. */
async function searched(askedCount: number, random: number) {
  const { deps, clock } = createVentilatorHarness((request) => reply(request, { kind: "ok", latencyMs: 1 }));
  const records = createMemoryQueue(clock.nowMs);
  const asked = Array.from({ length: askedCount }, (_, index) => `asked-${index}`);
  for (const recordId of [...asked, "behind"]) {
    await records.send([{ body: messageFor(recordId).body, groupId: recordId, deduplicationId: recordId }]);
  }
  for (const recordId of asked) {
    const names = { attemptId: `of ${recordId}`, runId: "run", correlationId: "correlation" };
    const times = { nowMs: clock.nowMs(), leaseUntilMs: clock.nowMs() + LEASE_MS };
    const claim = { ...fetchKeyOf(recordId, deps), ...names, ...times, maxAttempts: 5, isRedriven: false };
    await deps.fetches.claim({ ...claim, isFree: true });
  }
  clock.advance(LEASE_MS + 1);
  const { candidates } = await receiveCandidates(
    {
      ...deps,
      random: { next: () => random },
      queues: byLane((lane) => (lane === "records" ? records : createMemoryQueue())),
    },
    0,
  );
  return candidates.map(({ standing }) => standing);
}

test("records that have been asked end a search after ten, so that a queue does not go round with each probe", async () => {
  expect(await searched(40, 0.5)).toEqual(Array.from({ length: 10 }, () => "asked"));
});

test("one search in ten goes on past them: behind those that are asked in turn others are found", async () => {
  const standings = await searched(40, 0.05);
  expect(standings).toHaveLength(41);
  expect(standings[0]).toBe("fresh");
});
