import type { Claim, FetchStore } from "@sluice/core/ports";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const LEASE_MS = 60_000;

/** What every {@link FetchStore} must do. `start` makes an empty one. */
export function describeFetchStore(name: string, start: () => Promise<StartedStore>): void {
  describe(`fetch store: ${name}`, () => {
    let store: FetchStore;
    let stop: () => Promise<void>;
    let count = 0;

    beforeAll(async () => {
      ({ store, stop } = await start());
    });
    afterAll(() => stop());

    function newClaim(changes: Partial<Claim> = {}): Claim {
      count += 1;
      return {
        provider: "demo",
        day: "2026-11-18",
        recordId: `record-${count}`,
        attemptId: `attempt-${count}`,
        runId: "run",
        correlationId: "correlation",
        nowMs: NOON_MS,
        leaseUntilMs: NOON_MS + LEASE_MS,
        maxAttempts: 3,
        isRedriven: false,
        ...changes,
      };
    }

    const end = (outcome: "ok" | "fault" | "throttled" | "rejected") =>
      ({ startedAtMs: NOON_MS, endedAtMs: NOON_MS + 5, outcome, latencyMs: 4 }) as const;

    async function failTimes(claim: Claim, times: number): Promise<void> {
      for (let index = 0; index < times; index += 1) {
        const attemptId = `${claim.attemptId}-${index}`;
        const past = Array.from({ length: index }, () => ({ endedAtMs: end("fault").endedAtMs }));
        const granted = { kind: "claimed", attempt: index + 1, ...(index > 0 && { faults: past }) };
        expect(await store.claim({ ...claim, attemptId })).toEqual(granted);
        const failed = {
          ...claim,
          attemptId,
          status: "failed",
          end: { ...end("fault"), cause: "HTTP 500" },
        } as const;
        expect(await store.complete(failed)).toMatchObject({ kind: "completed" });
      }
    }

    test("a record without a row is claimed, and keeps what the claim says", async () => {
      const claim = newClaim();
      expect(await store.claim(claim)).toEqual({ kind: "claimed", attempt: 1 });
      expect(await store.get(claim)).toEqual({
        provider: "demo",
        day: "2026-11-18",
        recordId: claim.recordId,
        status: "fetching",
        attempts: 1,
        history: [],
        attemptId: claim.attemptId,
        claimedAtMs: NOON_MS,
        leaseUntilMs: claim.leaseUntilMs,
        runId: "run",
        correlationId: "correlation",
      });
    });

    test("a claim that is carried out once more when its attempt has ended, or after a later claim, starts nothing", async () => {
      const claim = newClaim();
      await store.claim(claim);
      const failed = { ...claim, status: "failed", end: end("fault") } as const;
      await store.complete(failed);
      const refused = { kind: "in-flight", leaseUntilMs: NOON_MS };
      expect(await store.claim(claim)).toEqual(refused);
      const later = { ...claim, attemptId: "later", nowMs: NOON_MS + 1 };
      await store.claim(later);
      await store.complete({ ...failed, attemptId: "later" });
      expect(await store.claim(claim)).toMatchObject({ kind: "in-flight" });
      expect(await store.get(claim)).toMatchObject({ status: "failed", attempts: 2 });
    });

    test.each([{}, { isFree: true }] as const)(
      "a granted claim %j that is withdrawn was none",
      async (more) => {
        const claim = newClaim(more);
        await store.claim(claim);
        for (const _ of [1, 2]) await store.withdraw(claim);
        expect(await store.get(claim)).toMatchObject({ status: "failed", attempts: 0, history: [] });
        expect(await store.claim(claim)).toMatchObject({ kind: "in-flight" });
        const next = { ...newClaim(), recordId: claim.recordId };
        expect(await store.claim(next)).toEqual({ kind: "claimed", attempt: 1 });
      },
    );

    test("a claim that is withdrawn before it is carried out is refused then, whatever the record has behind it", async () => {
      const claim = newClaim();
      for (const failedTimes of [0, 1]) {
        const early = { ...claim, attemptId: `early-${failedTimes}`, isFree: true } as const;
        await store.withdraw(early);
        expect(await store.claim(early)).toMatchObject({ kind: "in-flight" });
        expect(await store.get(claim)).toMatchObject({ status: "failed", attempts: failedTimes });
        if (failedTimes === 0) await failTimes(claim, 1);
      }
      expect(await store.claim({ ...claim, attemptId: "next" })).toMatchObject({
        kind: "claimed",
        attempt: 2,
      });
    });

    test("the same where an attempt was cut off, which stays counted", async () => {
      const cutOff = newClaim();
      await store.claim(cutOff);
      const late = {
        ...cutOff,
        attemptId: "late",
        nowMs: cutOff.leaseUntilMs + 1,
        leaseUntilMs: NOON_MS + 200_000,
      };
      await store.withdraw(late);
      expect(await store.claim(late)).toMatchObject({ kind: "in-flight" });
      expect(await store.get(cutOff)).toMatchObject({ status: "failed", attempts: 1 });
    });

    test("to withdraw a claim leaves an attempt of another's, a fetched and a dead record alone", async () => {
      for (const status of ["fetching", "fetched", "dead"] as const) {
        const claim = newClaim();
        await store.claim(claim);
        if (status !== "fetching") await store.complete({ ...claim, status, end: end("ok") });
        const before = await store.get(claim);
        await store.withdraw({ ...claim, attemptId: "other" });
        expect(await store.get(claim)).toEqual(before);
      }
      const later = { ...newClaim(), nowMs: NOON_MS + 1 };
      await store.claim(later);
      await store.complete({ ...later, status: "failed", end: end("fault") });
      await store.withdraw({ ...later, attemptId: "earlier", nowMs: NOON_MS });
      expect(await store.get(later)).toMatchObject({ attemptId: later.attemptId, attempts: 1 });
    });

    test("a free start that is cut off costs no attempt, and stays counted", async () => {
      const claim = newClaim({ isFree: true, maxAttempts: 1 });
      expect(await store.claim(claim)).toEqual({ kind: "claimed", attempt: 1 });
      expect(await store.claim(claim)).toEqual({ kind: "claimed", attempt: 1 });
      expect(await store.get(claim)).toMatchObject({ attempts: 0, freeStarts: 1, isFree: true });
      const { isFree: _, ...charged } = claim;
      const later = { ...charged, attemptId: "later", nowMs: claim.leaseUntilMs + 1 };
      expect(await store.claim(later)).toEqual({ kind: "claimed", attempt: 1 });
      const row = await store.get(claim);
      expect(row).toMatchObject({ attempts: 1, freeStarts: 1 });
      expect(row).not.toHaveProperty("isFree");
    });

    test.each([
      { status: "fetched", attempts: 1, freeStarts: 0 },
      { status: "failed", attempts: 1, freeStarts: 0 },
      { status: "dead", attempts: 1, freeStarts: 0 },
      { status: "released", attempts: 0, freeStarts: 0 },
      { status: "released", isCutOff: true, attempts: 0, freeStarts: 1 },
    ] as const)("a free start is charged at its end, unless it is released: %j", async (ending) => {
      const { attempts, freeStarts, ...how } = ending;
      const claim = newClaim({ isFree: true });
      await store.claim(claim);
      const completion = { ...claim, isFree: true, ...how, end: end("fault") } as const;
      expect(await store.complete(completion)).toMatchObject({ kind: "completed" });
      expect(await store.complete(completion)).toMatchObject({ kind: "completed" });
      expect(await store.get(claim)).toMatchObject({ attempts, freeStarts });
    });

    test("a record without attempts left is refused a free start too, and a redriven one has them all", async () => {
      const claim = newClaim({ maxAttempts: 1 });
      await failTimes(claim, 1);
      const free = { ...claim, attemptId: "free", isFree: true, nowMs: claim.leaseUntilMs + 1 } as const;
      expect(await store.claim(free)).toMatchObject({ kind: "exhausted", attempts: 1 });
      await store.bury(claim, free.nowMs);
      expect(await store.claim({ ...free, isRedriven: true })).toEqual({ kind: "claimed", attempt: 1 });
      expect(await store.get(claim)).toMatchObject({ attempts: 0, freeStarts: 1, isFree: true, history: [] });
    });

    test("of many claims for one record at once, one is granted", async () => {
      const claim = newClaim();
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) => store.claim({ ...claim, attemptId: `rival-${index}` })),
      );
      expect(results.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
      expect(results.filter(({ kind }) => kind === "in-flight")).toHaveLength(9);
    });

    test("a granted claim that is repeated, because its answer was lost, is granted again and is one attempt", async () => {
      const claim = newClaim();
      await store.claim(claim);
      expect(await store.claim(claim)).toEqual({ kind: "claimed", attempt: 1 });
    });

    test("a record being fetched is refused until its lease has run out", async () => {
      const claim = newClaim();
      await store.claim(claim);
      const later = { ...claim, attemptId: "later" };
      const attempt = { attemptId: claim.attemptId, runId: "run", waiting: [] };
      const refused = { kind: "in-flight", leaseUntilMs: claim.leaseUntilMs, attempt };
      expect(await store.claim({ ...later, nowMs: claim.leaseUntilMs })).toEqual(refused);
      expect(await store.claim({ ...later, nowMs: claim.leaseUntilMs + 1 })).toEqual({
        kind: "claimed",
        attempt: 2,
      });
    });

    test("an attempt whose lease was taken over can't write the row any more", async () => {
      const claim = newClaim();
      await store.claim(claim);
      const rival = { ...claim, attemptId: "rival", nowMs: claim.leaseUntilMs + 1 };
      await store.claim({ ...rival, leaseUntilMs: rival.nowMs + LEASE_MS });
      expect(await store.complete({ ...claim, status: "fetched", end: end("ok") })).toEqual({
        kind: "superseded",
      });
      expect((await store.get(claim))?.status).toBe("fetching");
    });

    test("an attempt whose row has vanished is not taken for recorded", async () => {
      const claim = newClaim();
      expect(await store.complete({ ...claim, status: "fetched", end: end("ok") })).toEqual({
        kind: "superseded",
      });
      expect(await store.get(claim)).toBeUndefined();
    });

    test("a fetched record is never claimed again on its day, and is on the next", async () => {
      const claim = newClaim();
      await store.claim(claim);
      await store.complete({ ...claim, status: "fetched", end: end("ok") });
      const afterwards = { ...claim, attemptId: "again", nowMs: claim.leaseUntilMs + 1 };
      expect(await store.claim(afterwards)).toEqual({ kind: "fetched", runId: "run" });
      expect(await store.claim({ ...afterwards, day: "2026-11-19" })).toEqual({
        kind: "claimed",
        attempt: 1,
      });
    });

    const other = { runId: "other run", number: 12 };

    test("whoever ends an attempt learns who has joined it, each time that he ends it", async () => {
      const claim = newClaim();
      await store.claim(claim);
      for (const _ of [1, 2]) expect(await store.join(claim, claim.attemptId, other)).toBe("joined");
      expect(await store.get(claim)).toMatchObject({ status: "fetching", attempts: 1, waiting: [other] });
      expect(await store.claim({ ...claim, attemptId: "late" })).toMatchObject({
        attempt: { attemptId: claim.attemptId, runId: "run", waiting: [other] },
      });
      const completion = { ...claim, status: "fetched", end: end("ok") } as const;
      for (const _ of [1, 2]) {
        expect(await store.complete(completion)).toEqual({ kind: "completed", waiting: [other] });
      }
    });

    test.each([{}, { isFree: true }] as const)(
      "nobody joins what is over, and the next attempt %j has none that joined the one before",
      async (more) => {
        const claim = newClaim();
        expect(await store.join(claim, claim.attemptId, other)).toBe("over");
        expect(await store.get(claim)).toBeUndefined();
        await store.claim(claim);
        await store.join(claim, claim.attemptId, other);
        await store.complete({ ...claim, status: "failed", end: end("fault") });
        expect(await store.join(claim, claim.attemptId, other)).toBe("over");
        const next = { ...claim, ...more, attemptId: "next", nowMs: NOON_MS + 1 };
        await store.claim(next);
        expect(await store.join(claim, claim.attemptId, other)).toBe("over");
        const ended = { ...next, status: "fetched", end: end("ok") } as const;
        expect(await store.complete(ended)).toEqual({ kind: "completed", waiting: [] });
      },
    );

    test("completing twice is completing once", async () => {
      const claim = newClaim();
      await store.claim(claim);
      const completion = { ...claim, status: "fetched", end: end("ok") } as const;
      expect(await store.complete(completion)).toMatchObject({ kind: "completed" });
      expect(await store.complete(completion)).toMatchObject({ kind: "completed" });
      expect((await store.get(claim))?.history).toEqual([{ attemptId: claim.attemptId, ...end("ok") }]);
    });

    test("a failed record is claimed again until its attempts are used up, and then says its last cause", async () => {
      const claim = newClaim();
      await failTimes(claim, 3);
      expect(await store.claim(claim)).toEqual({ kind: "exhausted", attempts: 3, cause: "HTTP 500" });
      expect((await store.get(claim))?.history).toHaveLength(3);
    });

    test("a released attempt was none", async () => {
      const claim = newClaim();
      await failTimes(claim, 2);
      for (let index = 0; index < 5; index += 1) {
        const attemptId = `released-${index}`;
        const fault = { endedAtMs: end("fault").endedAtMs };
        const granted = { kind: "claimed", attempt: 3, faults: [fault, fault] };
        expect(await store.claim({ ...claim, attemptId })).toEqual(granted);
        const released = { ...claim, attemptId, status: "released", end: end("throttled") } as const;
        expect(await store.complete(released)).toMatchObject({ kind: "completed" });
        expect(await store.complete(released)).toMatchObject({ kind: "completed" });
      }
      expect((await store.get(claim))?.attempts).toBe(2);
    });

    test("a released attempt may be noted: it is kept as free, and told to the next claim", async () => {
      const claim = newClaim();
      await store.claim(claim);
      const noted = { ...end("fault"), cause: "HTTP 500", lastOkAtMs: NOON_MS - 7 };
      const released = { ...claim, status: "released", isNoted: true, end: noted } as const;
      expect(await store.complete(released)).toMatchObject({ kind: "completed" });
      expect(await store.complete(released)).toMatchObject({ kind: "completed" });
      const history = [{ attemptId: claim.attemptId, ...noted, isFree: true }];
      expect(await store.get(claim)).toMatchObject({ status: "failed", attempts: 0, history });
      const { endedAtMs, lastOkAtMs } = noted;
      const granted = { kind: "claimed", attempt: 1, faults: [{ endedAtMs, lastOkAtMs, isFree: true }] };
      expect(await store.claim({ ...claim, attemptId: "second" })).toEqual(granted);
    });

    test("rejections that were noted are told to the next claim by their number and the end of the first", async () => {
      const claim = newClaim();
      for (let count = 0; count < 3; count += 1) {
        const before = { rejectionCount: count, firstRejectedAtMs: end("rejected").endedAtMs };
        const granted = { kind: "claimed", attempt: 1, ...(count > 0 && before) };
        const attemptId = `rejected-${count}`;
        expect(await store.claim({ ...claim, attemptId })).toEqual(granted);
        const { endedAtMs, ...rest } = end("rejected");
        const noted = { ...rest, endedAtMs: endedAtMs + count, cause: "HTTP 404" };
        await store.complete({ ...claim, attemptId, status: "released", isNoted: true, end: noted });
      }
      expect(await store.get(claim)).toMatchObject({ status: "failed", attempts: 0 });
    });

    test("a dead record stays dead, unless its dead letter was redriven", async () => {
      const claim = newClaim();
      await store.claim(claim);
      await store.complete({ ...claim, status: "dead", end: { ...end("rejected"), cause: "HTTP 404" } });
      expect(await store.claim({ ...claim, attemptId: "second" })).toEqual({
        kind: "dead",
        cause: "HTTP 404",
      });
      const redriven = { ...claim, attemptId: "redriven", isRedriven: true };
      expect(await store.claim(redriven)).toEqual({ kind: "claimed", attempt: 1 });
      expect(await store.get(claim)).toMatchObject({ status: "fetching", attempts: 1, history: [] });
    });

    test("starts that were cut off are attempts: after the last one the record is exhausted, once its lease is over", async () => {
      const claim = newClaim();
      await failTimes(claim, 1);
      let nowMs = claim.nowMs;
      for (const attempt of [2, 3]) {
        const start = { ...claim, attemptId: `cut-off-${attempt}`, nowMs, leaseUntilMs: nowMs + LEASE_MS };
        expect(await store.claim(start)).toMatchObject({ kind: "claimed", attempt });
        nowMs += LEASE_MS + 1;
      }
      const last = { ...claim, attemptId: "too-many", leaseUntilMs: nowMs + LEASE_MS };
      expect(await store.claim({ ...last, nowMs: nowMs - 1 })).toEqual({
        kind: "in-flight",
        leaseUntilMs: nowMs - 1,
        attempt: { attemptId: "cut-off-3", runId: "run", waiting: [] },
      });
      expect(await store.claim({ ...last, nowMs })).toEqual({
        kind: "exhausted",
        attempts: 3,
        cause: "2 of 3 attempts were cut off; before: HTTP 500",
      });
      expect(await store.get(claim)).toMatchObject({ status: "fetching", attempts: 3 });
    });

    test("a record that was cut off can be buried, but not before its lease has run out", async () => {
      const claim = newClaim({ maxAttempts: 1 });
      await store.claim(claim);
      await store.bury(claim, claim.leaseUntilMs);
      expect((await store.get(claim))?.status).toBe("fetching");
      await store.bury(claim, claim.leaseUntilMs + 1);
      expect(await store.claim({ ...claim, attemptId: "later" })).toMatchObject({
        kind: "dead",
        cause: expect.stringContaining("cut off"),
      });
      expect(await store.complete({ ...claim, status: "fetched", end: end("ok") })).toMatchObject({
        kind: "completed",
      });
      expect((await store.get(claim))?.status).toBe("dead");
    });

    test("an exhausted record can be buried, a fetched one can't", async () => {
      const exhausted = newClaim();
      await failTimes(exhausted, 3);
      await store.bury(exhausted, NOON_MS);
      expect(await store.claim(exhausted)).toEqual({ kind: "dead", cause: "HTTP 500" });
      const fetched = newClaim();
      await store.claim(fetched);
      await store.complete({ ...fetched, status: "fetched", end: end("ok") });
      await store.bury(fetched, NOON_MS);
      expect((await store.get(fetched))?.status).toBe("fetched");
    });

    test.each([
      ["case", "Record", "record"],
      ["spaces", "a b", "a  b"],
      ["emoji", "🦆", "🦢"],
      ["quotes", `"'\``, `"'`],
      ["hashes and slashes", "a#b/c", "a/b#c"],
      ["NUL", "a\u0000b", "a\u0000c"],
      ["900 characters", `${"x".repeat(899)}y`, `${"x".repeat(899)}z`],
      ["the marker of a hash", "sha256:a", "sha256:b"],
      ["ids that look like keys", "x#record_y", "x"],
      ["1,024 wide characters", `${"語".repeat(1_023)}一`, `${"語".repeat(1_023)}二`],
    ])("ids stay distinct: %s", async (_, one, other) => {
      const claim = newClaim({ day: "2026-11-20" });
      expect((await store.claim({ ...claim, recordId: one })).kind).toBe("claimed");
      expect((await store.claim({ ...claim, recordId: other, attemptId: "other" })).kind).toBe("claimed");
      expect((await store.get({ ...claim, recordId: one }))?.recordId).toBe(one);
      expect((await store.get({ ...claim, recordId: other }))?.recordId).toBe(other);
    });

    test("lists the rows of one provider and day", async () => {
      const day = "2026-11-21";
      const claims = [newClaim({ day }), newClaim({ day }), newClaim({ day })];
      for (const claim of [...claims, newClaim({ day, provider: "other" }), newClaim()])
        await store.claim(claim);
      const listed = await Array.fromAsync(store.list("demo", day), ({ recordId }) => recordId);
      expect(listed.toSorted()).toEqual(claims.map(({ recordId }) => recordId).toSorted());
    });
  });
}

/** A store under test. */
export interface StartedStore {
  readonly store: FetchStore;
  stop(): Promise<void>;
}
