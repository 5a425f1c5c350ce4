import { systemIds } from "@sluice/aws/system-ids";
import { createScheduler } from "@sluice/core/scheduler";
import { beforeEach, expect, test } from "vitest";
import { createDesk, type Desk } from "../fakes/desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = createDesk();
  const { access, lanes, harness } = desk;
  await access.history.putContract(access.provider);
  const parts = {
    ...access,
    queues: lanes,
    clock: harness.clock,
    ids: systemIds,
    random: { next: () => 0.5 },
  };
  const scheduler = createScheduler(access.provider, parts);
  await scheduler.enqueue(["a", "an id with <spaces>", "c\u001b[2J"], { runId: "tonight" });
});

/** One attempt of a record, to its end. */
async function attempt(recordId: string, status: "failed" | "dead", cause: string): Promise<void> {
  const { fetches, provider } = desk.access;
  const nowMs = desk.harness.clock.nowMs();
  const key = { provider: provider.id, day: "2026-11-18", recordId, attemptId: "one" };
  const names = { runId: "tonight", correlationId: "tonight" };
  await fetches.claim({
    ...key,
    ...names,
    nowMs,
    leaseUntilMs: nowMs + 60_000,
    maxAttempts: 5,
    isRedriven: false,
  });
  const end = { startedAtMs: nowMs, endedAtMs: nowMs + 7, outcome: "fault", latencyMs: 7, cause } as const;
  await fetches.complete({ ...key, status, end });
}

test("a record that nobody has asked for was never enqueued", async () => {
  expect(await desk.type("why nobody")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/never enqueued/),
  });
});

test("one that waits is still queued, and its run is named, whatever is in its id", async () => {
  const { code, out } = await desk.type("why 'an id with <spaces>'");
  expect(code).toBe(0);
  expect(out).toMatch(/^an id with <spaces> on 2026-11-18: still queued, not started yet\n/);
  expect(out).toMatch(/ {2}enqueued .* by run tonight \(records\): open, the run is open\n/);
});

test("one that failed says why, and until when its back-off holds it", async () => {
  await attempt("a", "failed", "HTTP 500");
  const { code, out } = await desk.type("why a");
  expect(code).toBe(0);
  expect(out).toMatch(/failed, and comes again/);
  expect(out).toMatch(/held by its back-off until/);
  expect(out).toMatch(/fault after 7 ms: HTTP 500\n {2}1 of 3 attempts are charged\n$/);
});

test("one that is dead is bad news, and has nothing in it that a terminal obeys", async () => {
  await attempt("c\u001b[2J", "dead", "HTTP 404: no c\u001b[2J");
  const { code, out } = await desk.type("why c\u001b[2J");
  expect(code).toBe(1);
  expect(out).toMatch(/dead since .* because HTTP 404: no c\\u\{1b\}\[2J/);
  expect(out).not.toContain("\u001b");
});

test("says the same as JSON", async () => {
  const { state, runs } = JSON.parse((await desk.type("why a --json")).out);
  expect(state).toEqual({ kind: "queued", waits: [] });
  expect(runs).toMatchObject([{ runId: "tonight", lane: "records" }]);
});
