import { createFakeClock, type FakeClock } from "@sluice/testing/fake-clock";
import { silentLog } from "@sluice/testing/silent-log";
import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import { type Mishap, watchCalls } from "@sluice/testing/watch-calls";
import fc from "fast-check";
import { expect, test } from "vitest";
import { StoredRowInvalid } from "../errors.ts";
import type { ClaimRequest } from "../ports/fetch-store.ts";
import { createMemoryFetchStore } from "../storage/memory-fetch-store.ts";
import { batchTimesOf } from "./batch-times.ts";
import { createReleasingClaims } from "./claim-releases.ts";

const mishaps = fc.constantFrom<Mishap | undefined>("lost", "unreachable", undefined);

/** The fates of the calls of one batch: of its claims, and of the writes that follow, which get through in the end. */
const batches = fc.record({
  claims: fc.array(mishaps, { minLength: 3, maxLength: 3 }),
  writes: fc.array(mishaps, { maxLength: 4 }),
});

test("whatever answers are lost, a record is charged for its starts and nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(batches, { minLength: 1, maxLength: 8 }), async (story) => {
      const fetches = watchCalls(createMemoryFetchStore());
      const harness = createVentilatorHarness(
        (request) => reply(request, { kind: "fault", latencyMs: 1, cause: "HTTP 500" }),
        { fetches: fetches.port },
      );
      for (const { claims, writes } of story) {
        const fates: Partial<Record<string, (typeof writes)[number][]>> = {
          claim: [...claims],
          complete: [...writes],
          withdraw: [...writes],
        };
        fetches.spoil((method) => fates[method]?.shift());
        await harness.run(["a", "b", "c"].map((id) => messageFor(id)));
        fetches.spoil(() => undefined);
        for (const id of ["a", "b", "c"]) {
          const row = await harness.rowOf(id);
          const startCount = harness.starts.filter(({ recordId }) => recordId === id).length;
          expect(row?.attempts ?? 0).toBe(startCount);
          expect(row?.status ?? "failed").toBe(startCount < 3 ? "failed" : "dead");
        }
        harness.clock.advance(1_000);
      }
    }),
  );
});

const { deps } = createVentilatorHarness(() => ({ kind: "refused", cause: "never asked" }));

const timesAt = (clock: FakeClock) =>
  batchTimesOf(deps.provider, clock.nowMs() + deps.provider.ventilator.timeoutMs, clock.nowMs());

function claimOn(clock: FakeClock): ClaimRequest {
  const nowMs = clock.nowMs();
  const names = { recordId: "a", attemptId: "attempt", runId: "run", correlationId: "trace" };
  const key = { provider: "demo", day: "2026-11-18", ...names };
  return { ...key, nowMs, leaseUntilMs: nowMs + 60_000, maxAttempts: 3, isRedriven: false };
}

test("a claim that is granted only after it was given up is released then", async () => {
  const clock = createFakeClock();
  const fetches = createMemoryFetchStore();
  const arrives = Promise.withResolvers<void>();
  const late = {
    ...fetches,
    async claim(request: ClaimRequest) {
      await arrives.promise;
      return fetches.claim(request);
    },
  };
  const times = timesAt(clock);
  const claims = createReleasingClaims(late, times, { clock, log: silentLog });
  const claim = claimOn(clock);
  const claimed = claims.claim(claim);
  clock.advance(times.invokeUntilMs - clock.nowMs());
  await expect(claimed).rejects.toThrow("no answer in time");
  expect(await fetches.get(claim)).toBeUndefined();
  arrives.resolve();
  await claims.released();
  expect(await fetches.get(claim)).toMatchObject({ status: "failed", attempts: 0 });
});

test("a claim that is carried out after all, long after its sender has gone, is refused", async () => {
  const clock = createFakeClock();
  const fetches = createMemoryFetchStore();
  const unheard = watchCalls(fetches);
  unheard.spoil((method) => (method === "claim" ? "unreachable" : undefined));
  const times = timesAt(clock);
  const claims = createReleasingClaims(unheard.port, times, { clock, log: silentLog });
  const claim = claimOn(clock);
  await expect(claims.claim(claim)).rejects.toThrow();
  await claims.released();
  expect(await fetches.claim(claim)).toMatchObject({ kind: "in-flight" });
  expect(await fetches.get(claim)).toMatchObject({ status: "failed", attempts: 0 });
  const next = { ...claim, attemptId: "next" };
  expect(await fetches.claim(next)).toEqual({ kind: "claimed", attempt: 1 });
});

test("a claim that was written, but whose row can't be read, is released as well", async () => {
  const clock = createFakeClock();
  const fetches = createMemoryFetchStore();
  const unreadable = {
    ...fetches,
    async claim(request: ClaimRequest) {
      await fetches.claim(request);
      throw new StoredRowInvalid("a", "told so");
    },
  };
  const times = timesAt(clock);
  const claims = createReleasingClaims(unreadable, times, { clock, log: silentLog });
  await expect(claims.claim(claimOn(clock))).rejects.toBeInstanceOf(StoredRowInvalid);
  await claims.released();
  expect(await fetches.get(claimOn(clock))).toMatchObject({ status: "failed", attempts: 0 });
});

test("a claim that another attempt refuses after it was given up leaves that attempt alone", async () => {
  const clock = createFakeClock();
  const fetches = createMemoryFetchStore();
  const rival = { ...claimOn(clock), attemptId: "rival" };
  await fetches.claim(rival);
  const losing = watchCalls(fetches);
  losing.spoil((method) => (method === "claim" ? "lost" : undefined));
  const times = timesAt(clock);
  const claims = createReleasingClaims(losing.port, times, { clock, log: silentLog });
  await expect(claims.claim(claimOn(clock))).rejects.toThrow();
  await claims.released();
  expect(await fetches.get(rival)).toMatchObject({ status: "fetching", attempts: 1, attemptId: "rival" });
});
