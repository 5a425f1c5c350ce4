import { type Evidence, NO_EVIDENCE } from "@sluice/core/law";
import type { Control, PermitItems, PermitShard, Report, TakeRequest } from "@sluice/core/ports";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** What every {@link PermitItems} must do. `start` makes empty ones. */
export function describePermitItems(name: string, start: () => Promise<StartedPermitItems>): void {
  describe(`permit items: ${name}`, () => {
    let items: PermitItems;
    let stop: () => Promise<void>;
    let shard = -1;

    beforeAll(async () => {
      ({ items, stop } = await start());
    });
    afterAll(() => stop());

    function newTake(changes: Partial<TakeRequest> = {}): TakeRequest {
      shard += 1;
      const bounds = { ifPhase: "closed", ifLimit: 3, ifAtMostOut: 2 } as const;
      return { shard, leases: ["a@1-2"], ...bounds, nowMs: NOON_MS, ...changes };
    }

    test("a shard without an item is empty, and lends", async () => {
      const take = newTake();
      expect(await items.read(take.shard)).toEqual({ leases: [], evidence: NO_EVIDENCE });
      expect(await items.take(take)).toEqual({
        kind: "taken",
        shard: { leases: ["a@1-2"], evidence: NO_EVIDENCE },
      });
    });

    test("of many takes at once, as many are granted as the bound allows", async () => {
      const take = newTake();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => items.take({ ...take, leases: [`${index}@1-2`] })),
      );
      expect(answers.filter(({ kind }) => kind === "taken")).toHaveLength(3);
      expect((await items.read(take.shard)).leases).toHaveLength(3);
    });

    test("a take of several is granted whole or not at all", async () => {
      const take = newTake({ leases: ["a@1-2", "b@1-2"], ifAtMostOut: 1 });
      expect((await items.take(take)).kind).toBe("taken");
      const refused = await items.take({ ...take, leases: ["c@1-2", "d@1-2"] });
      expect(refused.kind).toBe("refused");
      expect(refused.shard.leases.toSorted()).toEqual(["a@1-2", "b@1-2"]);
    });

    test("the same lease twice is one lease", async () => {
      const take = newTake();
      await items.take(take);
      expect(await items.take(take)).toMatchObject({ kind: "taken", shard: { leases: ["a@1-2"] } });
    });

    test.each<[what: string, decided: Control]>([
      ["open", { phase: "open", limit: 3, epoch: 1 }],
      ["half-open", { phase: "half-open", limit: 3, epoch: 1 }],
      ["under another limit", { phase: "closed", limit: 2, epoch: 1 }],
    ])("a shard that is %s refuses and says so", async (_, decided) => {
      const take = newTake();
      await items.setControl(take.shard, decided);
      const shardNow = { leases: [], evidence: NO_EVIDENCE, ...decided };
      expect(await items.take(take)).toEqual({ kind: "refused", shard: shardNow });
    });

    test.each(["half-open", "open"] as const)(
      "a probe takes from a shard that is %s, and only then",
      async (ifPhase) => {
        const take = newTake({ ifPhase });
        expect((await items.take(take)).kind).toBe("refused");
        await items.setControl(take.shard, { phase: "closed", limit: 3, epoch: 1 });
        expect((await items.take(take)).kind).toBe("refused");
        await items.setControl(take.shard, { phase: ifPhase, limit: 3, epoch: 2 });
        expect(await items.take(take)).toMatchObject({ kind: "taken", shard: { leases: ["a@1-2"] } });
      },
    );

    test("a closed shard under the expected limit lends", async () => {
      const take = newTake();
      await items.setControl(take.shard, { phase: "open", limit: 1, epoch: 1 });
      await items.setControl(take.shard, { phase: "closed", limit: 3, epoch: 2 });
      expect(await items.take(take)).toEqual({
        kind: "taken",
        shard: { leases: ["a@1-2"], evidence: NO_EVIDENCE, phase: "closed", limit: 3, epoch: 2 },
      });
    });

    test("a hold shuts until its end, and a shorter one doesn't shorten it", async () => {
      const take = newTake();
      await items.hold(take.shard, NOON_MS + 10);
      await items.hold(take.shard, NOON_MS + 5);
      expect(await items.take({ ...take, nowMs: NOON_MS + 9 })).toEqual({
        kind: "refused",
        shard: { leases: [], evidence: NO_EVIDENCE, heldUntilMs: NOON_MS + 10 },
      });
      expect((await items.take({ ...take, nowMs: NOON_MS + 10 })).kind).toBe("taken");
    });

    test("giving back frees exactly what is given back and adds up the report, and twice is once", async () => {
      const take = newTake({ leases: ["a@1-2", "b@1-2"], ifAtMostOut: 1 });
      await items.take(take);
      const first = reportOf({ okCount: 2, latencySumMs: 30 });
      const afterwards = { leases: ["b@1-2"], evidence: evidenceOf(first), lastOkAtMs: NOON_MS };
      expect(await items.giveBack(take.shard, ["a@1-2"], first)).toEqual(afterwards);
      expect(await items.giveBack(take.shard, ["a@1-2"], first)).toEqual(afterwards);
      expect(await items.read(take.shard)).toEqual(afterwards);
      const nothing = reportOf({}, { atMs: NOON_MS + 1 });
      expect(await items.giveBack(take.shard, ["b@1-2"], nothing)).toEqual({ ...afterwards, leases: [] });
    });

    test("giving back no lease changes nothing", async () => {
      const take = newTake();
      await items.take(take);
      const shardNow = { leases: ["a@1-2"], evidence: NO_EVIDENCE };
      expect(await items.giveBack(take.shard, [], reportOf({ okCount: 1 }))).toEqual(shardNow);
    });

    test("giving back leases that were pruned meanwhile adds nothing", async () => {
      const take = newTake();
      await items.take(take);
      await items.prune(take.shard, ["a@1-2"]);
      const shardNow = await items.giveBack(take.shard, ["a@1-2"], reportOf({ okCount: 1 }));
      expect(shardNow).toEqual({ leases: [], evidence: NO_EVIDENCE });
    });

    test.each([
      ["a later epoch", 2, 1],
      ["an earlier epoch", 1, 2],
      ["its first epoch, of before it", 1, 0],
    ])("in %s than the report's, giving back only frees", async (_, epoch, reportedEpoch) => {
      const decided = { phase: "closed", limit: 3, epoch } as const;
      const take = newTake({ leases: ["a@1-2", "b@1-2"], ifAtMostOut: 1 });
      await items.setControl(take.shard, decided);
      await items.take(take);
      const given = reportOf({ okCount: 1, faultCount: 1 }, { epoch: reportedEpoch });
      const afterwards = { leases: ["b@1-2"], evidence: NO_EVIDENCE, ...decided };
      expect(await items.giveBack(take.shard, ["a@1-2"], given)).toEqual(afterwards);
      expect(await items.giveBack(take.shard, ["a@1-2"], given)).toEqual(afterwards);
    });

    test("every sum of a report is kept", async () => {
      const take = newTake();
      const given = reportOf({
        okCount: 1,
        repeatOkCount: 1,
        slowCount: 2,
        faultCount: 3,
        repeatFaultCount: 4,
        timeoutCount: 5,
        throttledCount: 6,
        rejectedCount: 7,
        unavailableCount: 8,
        latencySumMs: 9.5,
        lnLatencySum: 10.123456,
        lnLatencySquareSum: 11.654321,
      });
      expect(await items.report(take.shard, given)).toEqual({
        leases: [],
        evidence: given.evidence,
        lastOkAtMs: NOON_MS,
      });
    });

    test("reports of many holders at once add up", async () => {
      const take = newTake();
      const lnLatency = Math.log(7);
      await Promise.all(
        Array.from({ length: 10 }, () =>
          items.report(take.shard, reportOf({ slowCount: 1, faultCount: 2, lnLatencySum: lnLatency })),
        ),
      );
      const { evidence } = await items.read(take.shard);
      expect(evidence).toMatchObject({ okCount: 0, slowCount: 10, faultCount: 20 });
      expect(evidence.lnLatencySum).toBeCloseTo(10 * lnLatency, 4);
    });

    test("only a success moves the time of the last success", async () => {
      const take = newTake();
      const times: (number | undefined)[] = [];
      for (const [index, evidence] of [
        { faultCount: 1 },
        { okCount: 1 },
        { faultCount: 1 },
        { slowCount: 1 },
      ].entries()) {
        const { lastOkAtMs } = await items.report(take.shard, reportOf(evidence, { atMs: index }));
        times.push(lastOkAtMs);
      }
      expect(times).toEqual([undefined, 1, 1, 3]);
    });

    test("a report of another epoch than the shard's is no news", async () => {
      const take = newTake();
      const ungoverned = { leases: [], evidence: NO_EVIDENCE };
      expect(await items.report(take.shard, reportOf({ okCount: 1 }, { epoch: 1 }))).toEqual(ungoverned);
      const decided = { phase: "closed", limit: 3, epoch: 2 } as const;
      await items.setControl(take.shard, decided);
      const shardNow = { leases: [], evidence: NO_EVIDENCE, ...decided };
      for (const epoch of [0, 1, 3]) {
        expect(await items.report(take.shard, reportOf({ okCount: 1 }, { epoch }))).toEqual(shardNow);
      }
      const heard = await items.report(take.shard, reportOf({ okCount: 1 }, { epoch: 2 }));
      expect(heard.evidence.okCount).toBe(1);
    });

    test("a decision clears the evidence, and keeps the leases, the hold and the last success", async () => {
      const take = newTake();
      await items.take(take);
      await items.report(take.shard, reportOf({ okCount: 1, lnLatencySum: 2.5 }));
      await items.hold(take.shard, NOON_MS + 10);
      const decided = { phase: "open", limit: 1, epoch: 1 } as const;
      await items.setControl(take.shard, decided);
      const kept = { leases: ["a@1-2"], lastOkAtMs: NOON_MS, heldUntilMs: NOON_MS + 10 };
      expect(await items.read(take.shard)).toEqual({ ...kept, evidence: NO_EVIDENCE, ...decided });
    });

    test.each([
      [0, 0],
      [1, 1],
      [5, 4],
      [5, 0],
    ])("a shard in epoch %i ignores a decision of epoch %i", async (epoch, late) => {
      const take = newTake();
      if (epoch > 0) await items.setControl(take.shard, { phase: "closed", limit: 3, epoch });
      const before: PermitShard = await items.report(take.shard, reportOf({ okCount: 1 }, { epoch }));
      await items.setControl(take.shard, { phase: "open", limit: 1, epoch: late });
      expect(await items.read(take.shard)).toEqual(before);
      expect(before.evidence.okCount).toBe(1);
    });

    test("of decisions that come in any order, the latest stays", async () => {
      const take = newTake();
      await Promise.all(
        [3, 1, 9, 2].map((epoch) => items.setControl(take.shard, { phase: "closed", limit: epoch, epoch })),
      );
      expect(await items.read(take.shard)).toMatchObject({ limit: 9, epoch: 9 });
    });

    test("pruning removes leases that run out, and twice is once", async () => {
      const take = newTake({ leases: ["a@1-2", "b@1-2", "c@1-2"], ifAtMostOut: 0 });
      await items.take(take);
      await items.prune(take.shard, ["a@1-2", "c@1-2"]);
      await items.prune(take.shard, ["a@1-2", "c@1-2"]);
      expect((await items.read(take.shard)).leases).toEqual(["b@1-2"]);
    });
  });
}

/** Items under test. */
export interface StartedPermitItems {
  readonly items: PermitItems;
  stop(): Promise<void>;
}

/** A report of epoch 0 unless told otherwise. */
function reportOf(evidence: Partial<Evidence>, changes: Partial<Report> = {}): Report {
  return { epoch: 0, evidence, atMs: NOON_MS, ...changes };
}

function evidenceOf({ evidence }: Report): Evidence {
  return { ...NO_EVIDENCE, ...evidence };
}
