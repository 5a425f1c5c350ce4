import { type Control, type Evidence, NO_EVIDENCE } from "@sluice/core/law";
import { firstSplit, NO_SPLIT, parseLease, parseWish } from "@sluice/core/permits";
import type { Lease, PermitItems, PermitShard, Report, TakeRequest } from "@sluice/core/ports";
import { LANES, otherLane } from "@sluice/core/provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const A = parseLease("a@1-2");
const B = parseLease("b@1-2");
const C = parseLease("c@1-2");
const D = parseLease("d@1-2");
const V = parseWish("v@2");
const W = parseWish("w@3");

/** A split of one shard: that of every shard that the suite takes from. */
const ALONE = firstSplit(1, NOON_MS);
/** Shards that are prepared for the suite's tests, more than they use. */
const SHARDS = 90;

/** A shard that lends, and that nothing else was written to. */
const EMPTY: PermitShard = {
  split: ALONE,
  phase: "closed",
  limit: Number.POSITIVE_INFINITY,
  epoch: 0,
  leases: [],
  wishes: { records: [], express: [] },
  expressStreak: 0,
  heldUntilMs: 0,
  probeUntilMs: 0,
  lastOkAtMs: 0,
  rejectedSinceOkCount: 0,
  evidence: NO_EVIDENCE,
};

/** What every {@link PermitItems} must do. `start` makes empty ones. */
export function describePermitItems(name: string, start: () => Promise<StartedPermitItems>): void {
  describe(`permit items: ${name}`, () => {
    let items: PermitItems;
    let stop: () => Promise<void>;
    let shard = -1;

    beforeAll(async () => {
      ({ items, stop } = await start());
      await Promise.all(Array.from({ length: SHARDS }, (_, index) => items.setSplit(index, ALONE)));
    });
    afterAll(() => stop());

    function newTake(changes: Partial<TakeRequest> = {}): TakeRequest {
      shard += 1;
      const bounds = { ifPhase: "closed", ifLimit: 3, ifSplit: 1, ifAtMostOut: 2 } as const;
      return { shardIndex: shard, leases: [A], ...bounds, nowMs: NOON_MS, ...changes };
    }

    test("a shard without an item is empty, and lends nothing before it is part of a split", async () => {
      const unsplit = { ...EMPTY, split: NO_SPLIT };
      expect(await items.read(SHARDS)).toEqual(unsplit);
      expect(await items.take(newTake({ shardIndex: SHARDS }))).toEqual({ kind: "refused", shard: unsplit });
    });

    test("a shard that is part of a split lends to whoever reckons with it, and to nobody else", async () => {
      const take = newTake();
      await items.setSplit(take.shardIndex, { ...ALONE, version: 2, count: 3 });
      expect((await items.take(take)).kind).toBe("refused");
      expect(await items.take({ ...take, ifSplit: 3 })).toMatchObject({
        kind: "taken",
        shard: { leases: [A], split: { kind: "lending", version: 2, count: 3 } },
      });
    });

    test("a shard that is draining lends nothing and takes back; lending again, it forgets the move", async () => {
      const take = newTake({ leases: [A, B], ifAtMostOut: 0 });
      await items.take(take);
      const draining = { kind: "draining", version: 2, fromCount: 1, toCount: 4, sinceMs: NOON_MS } as const;
      await items.setSplit(take.shardIndex, draining);
      for (const ifSplit of [1, 4]) {
        const refused = await items.take({ ...take, leases: [C], ifSplit, ifAtMostOut: 9 });
        expect(refused).toMatchObject({ kind: "refused", shard: { split: draining } });
      }
      const shardNow = await items.giveBack(take.shardIndex, [A], reportOf({ okCount: 1 }));
      expect(shardNow).toMatchObject({ leases: [B], split: draining, evidence: { okCount: 1 } });
      const lending = { kind: "lending", version: 3, count: 4, sinceMs: NOON_MS + 1 } as const;
      await items.setSplit(take.shardIndex, lending);
      expect((await items.read(take.shardIndex)).split).toEqual(lending);
    });

    test("of splits that come in any order the latest stays, and of two of one version the first", async () => {
      const take = newTake();
      await Promise.all(
        [3, 2, 9, 4].map((version) => items.setSplit(take.shardIndex, { ...ALONE, version, count: version })),
      );
      await items.setSplit(take.shardIndex, { ...ALONE, version: 9, count: 1 });
      expect((await items.read(take.shardIndex)).split).toEqual({ ...ALONE, version: 9, count: 9 });
    });

    test.each(LANES)("wishes of the lane %s are kept beside the other's, and twice is once", async (lane) => {
      const { shardIndex } = newTake();
      await items.wish(shardIndex, lane, [V, W], 0);
      await items.wish(shardIndex, lane, [W], 9);
      await items.wish(shardIndex, otherLane(lane), [W], 9);
      const { wishes } = await items.read(shardIndex);
      expect(wishes[lane].toSorted(byText)).toEqual([V, W]);
      expect(wishes[otherLane(lane)]).toEqual([W]);
      await items.withdraw(shardIndex, lane, [V]);
      await items.withdraw(shardIndex, lane, [V]);
      await items.withdraw(shardIndex, lane, []);
      expect((await items.read(shardIndex)).wishes).toMatchObject({ [lane]: [W], [otherLane(lane)]: [W] });
      await items.withdraw(shardIndex, lane, [W]);
      expect((await items.read(shardIndex)).wishes).toMatchObject({ [lane]: [], [otherLane(lane)]: [W] });
    });

    test.each(LANES)("the lane %s has no more wishes than the bound allows", async (lane) => {
      const { shardIndex } = newTake();
      await items.wish(shardIndex, otherLane(lane), [V, W], 0);
      await Promise.all(
        Array.from({ length: 10 }, (_, index) => items.wish(shardIndex, lane, [parseWish(`${index}@2`)], 3)),
      );
      expect((await items.read(shardIndex)).wishes[lane]).toHaveLength(4);
    });

    test("a wish that can't be read has run out", async () => {
      const { shardIndex } = newTake();
      const wish = parseWish("of another version");
      await items.wish(shardIndex, "express", [wish], 0);
      expect((await items.read(shardIndex)).wishes.express).toEqual([wish]);
      expect(wish.untilMs).toBe(0);
    });

    test.each(LANES)(
      "a take of the lane %s insists on the other's wishes, and fulfils its own",
      async (lane) => {
        const inLane = { lane, ifAtMostWishes: 0, fulfils: [V] };
        const take = newTake({ inLane });
        await items.wish(take.shardIndex, lane, [V, W], 0);
        await items.wish(take.shardIndex, otherLane(lane), [V], 0);
        expect(await items.take(take)).toMatchObject({ kind: "refused", shard: { leases: [] } });
        const taken = await items.take({ ...take, inLane: { ...inLane, ifAtMostWishes: 1 } });
        expect(taken).toEqual({
          kind: "taken",
          shard: { ...EMPTY, leases: [A], wishes: { ...EMPTY.wishes, [lane]: [W], [otherLane(lane)]: [V] } },
        });
        const again = await items.take({ ...take, inLane: { ...inLane, ifAtMostWishes: 1 } });
        expect(again).toEqual(taken);
      },
    );

    test("a take that is of no lane looks at no wish", async () => {
      const take = newTake();
      for (const lane of LANES) await items.wish(take.shardIndex, lane, [V], 0);
      expect(await items.take(take)).toMatchObject({
        kind: "taken",
        shard: { wishes: { records: [V], express: [V] } },
      });
    });

    test("the streak of express takes is as they say, and a take of the bulk ends it", async () => {
      const take = newTake();
      const express = { lane: "express", ifAtMostWishes: 0, fulfils: [] } as const;
      const streakAfter = async (lease: Lease, inLane: TakeRequest["inLane"]) => {
        const { shard } = await items.take({ ...take, leases: [lease], ...(inLane && { inLane }) });
        return shard.expressStreak;
      };
      expect(await streakAfter(A, { ...express, expressStreak: 1 })).toBe(1);
      expect(await streakAfter(A, { ...express, expressStreak: 1 })).toBe(1);
      expect(await streakAfter(B, express)).toBe(1);
      expect(await streakAfter(C, { ...express, lane: "records" })).toBe(0);
      expect(await items.read(take.shardIndex)).toMatchObject({ expressStreak: 0, leases: { length: 3 } });
    });

    test("wishes and the streak outlast a decision, a split, a report and what is given back", async () => {
      const take = newTake();
      for (const lane of LANES) await items.wish(take.shardIndex, lane, [V], 0);
      const inLane = { lane: "express", ifAtMostWishes: 1, fulfils: [], expressStreak: 2 } as const;
      const { shard: taken } = await items.take({ ...take, inLane });
      await items.setControl(take.shardIndex, { phase: "closed", limit: 2, epoch: 1 });
      await items.setSplit(take.shardIndex, { ...ALONE, version: 2 });
      await items.report(take.shardIndex, reportOf({ faultCount: 1 }, { epoch: 1 }));
      await items.giveBack(take.shardIndex, [A], reportOf({}, { epoch: 1 }));
      const { wishes, expressStreak } = taken;
      expect(await items.read(take.shardIndex)).toMatchObject({ wishes, expressStreak, leases: [] });
      expect(expressStreak).toBe(2);
    });

    test("added leases count, whatever else is out, and twice is once", async () => {
      const take = newTake({ leases: [A], ifAtMostOut: 0 });
      await items.take(take);
      await items.add(take.shardIndex, [B, C]);
      await items.add(take.shardIndex, [C]);
      const { leases } = await items.read(take.shardIndex);
      expect(leases.toSorted(byText)).toEqual([A, B, C]);
      expect((await items.take({ ...take, leases: [D], ifAtMostOut: 2 })).kind).toBe("refused");
    });

    test("a lease that can't be read is one that never ends, and the shard lends the others", async () => {
      const take = newTake();
      await items.add(take.shardIndex, [parseLease("of another version")]);
      expect((await items.read(take.shardIndex)).leases).toMatchObject([{ expiresAtMs: Infinity }]);
      expect((await items.take({ ...take, leases: [B, C], ifAtMostOut: 1 })).kind).toBe("taken");
      expect((await items.take({ ...take, leases: [D] })).kind).toBe("refused");
    });

    test("a shard under no limit of its own lends", async () => {
      const take = newTake();
      expect(await items.read(take.shardIndex)).toEqual(EMPTY);
      expect(await items.take(take)).toEqual({
        kind: "taken",
        shard: { ...EMPTY, leases: [A] },
      });
    });

    test("of many takes at once, as many are granted as the bound allows", async () => {
      const take = newTake();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          items.take({ ...take, leases: [parseLease(`${index}@1-2`)] }),
        ),
      );
      expect(answers.filter(({ kind }) => kind === "taken")).toHaveLength(3);
      expect((await items.read(take.shardIndex)).leases).toHaveLength(3);
    });

    test("a take of several is granted whole or not at all", async () => {
      const take = newTake({ leases: [A, B], ifAtMostOut: 1 });
      expect((await items.take(take)).kind).toBe("taken");
      const refused = await items.take({ ...take, leases: [C, D] });
      expect(refused.kind).toBe("refused");
      expect(refused.shard.leases.toSorted(byText)).toEqual([A, B]);
    });

    test("the same lease twice is one lease", async () => {
      const take = newTake();
      await items.take(take);
      expect(await items.take(take)).toMatchObject({ kind: "taken", shard: { leases: [A] } });
    });

    test.each<[what: string, decided: Control]>([
      ["open", { phase: "open", limit: 3, epoch: 1 }],
      ["half-open", { phase: "half-open", limit: 3, epoch: 1 }],
      ["under another limit", { phase: "closed", limit: 2, epoch: 1 }],
    ])("a shard that is %s refuses and says so", async (_, decided) => {
      const take = newTake();
      await items.setControl(take.shardIndex, decided);
      const shardNow = { ...EMPTY, ...decided };
      expect(await items.take(take)).toEqual({ kind: "refused", shard: shardNow });
    });

    test.each(["half-open", "open"] as const)(
      "a probe takes from a shard that is %s, and only then",
      async (ifPhase) => {
        const take = newTake({ ifPhase });
        expect((await items.take(take)).kind).toBe("refused");
        await items.setControl(take.shardIndex, { phase: "closed", limit: 3, epoch: 1 });
        expect((await items.take(take)).kind).toBe("refused");
        await items.setControl(take.shardIndex, { phase: ifPhase, limit: 3, epoch: 2 });
        expect(await items.take(take)).toMatchObject({ kind: "taken", shard: { leases: [A] } });
      },
    );

    test("of many probes at once one is granted, until it is ended or its lease is over", async () => {
      const take = newTake({ ifPhase: "half-open", ifLimit: 1 });
      await items.setControl(take.shardIndex, { phase: "half-open", limit: 1, epoch: 1 });
      const probeWith = (text: string, probeUntilMs: number, nowMs = NOON_MS) =>
        items.take({ ...take, leases: [parseLease(text)], nowMs, probeUntilMs });
      const untilMs = NOON_MS + 100;
      const answers = await Promise.all(
        Array.from({ length: 5 }, (_, index) => probeWith(`${index}@1-2`, untilMs)),
      );
      expect(answers.filter(({ kind }) => kind === "taken")).toHaveLength(1);
      expect((await items.read(take.shardIndex)).probeUntilMs).toBe(untilMs);
      expect((await probeWith("x@1-2", untilMs + 50, untilMs)).kind).toBe("refused");
      expect((await probeWith("x@1-2", untilMs + 50, untilMs + 1)).kind).toBe("taken");
      await items.endProbe(take.shardIndex, untilMs);
      expect((await items.read(take.shardIndex)).probeUntilMs).toBe(untilMs + 50);
      await items.endProbe(take.shardIndex, untilMs + 50);
      expect((await items.read(take.shardIndex)).probeUntilMs).toBe(0);
      expect((await probeWith("y@1-2", untilMs)).kind).toBe("taken");
    });

    test("a decision ends a probe, and says when the next one is due", async () => {
      const take = newTake({ ifPhase: "half-open", ifLimit: 1, probeUntilMs: NOON_MS + 100 });
      await items.setControl(take.shardIndex, { phase: "half-open", limit: 1, epoch: 1 });
      expect(await items.take(take)).toMatchObject({ kind: "taken", shard: { probeUntilMs: NOON_MS + 100 } });
      const open: Control = { phase: "open", limit: 1, epoch: 2, probeAtMs: NOON_MS + 30 };
      await items.setControl(take.shardIndex, open);
      expect(await items.read(take.shardIndex)).toEqual({ ...EMPTY, leases: [A], ...open });
      const closed: Control = { phase: "closed", limit: 1, epoch: 3 };
      await items.setControl(take.shardIndex, closed);
      expect(await items.read(take.shardIndex)).toEqual({ ...EMPTY, leases: [A], ...closed });
    });

    test("a closed shard knows the last outage, until it is told otherwise", async () => {
      const { shardIndex } = newTake();
      const last = { wellAtMs: NOON_MS - 90_000, closedAtMs: NOON_MS };
      const closed: Control = { phase: "closed", limit: 1, epoch: 1, ...last };
      await items.setControl(shardIndex, closed);
      expect(await items.read(shardIndex)).toEqual({ ...EMPTY, ...closed });
      const open: Control = { phase: "open", limit: 1, epoch: 2, probeAtMs: NOON_MS + 30 };
      await items.setControl(shardIndex, open);
      expect(await items.read(shardIndex)).toEqual({ ...EMPTY, ...open });
    });

    test("a closed shard under the expected limit lends", async () => {
      const take = newTake();
      await items.setControl(take.shardIndex, { phase: "open", limit: 1, epoch: 1 });
      await items.setControl(take.shardIndex, { phase: "closed", limit: 3, epoch: 2 });
      expect(await items.take(take)).toEqual({
        kind: "taken",
        shard: { ...EMPTY, leases: [A], phase: "closed", limit: 3, epoch: 2 },
      });
    });

    test("a hold shuts until its end, and a shorter one doesn't shorten it", async () => {
      const take = newTake();
      await items.hold(take.shardIndex, NOON_MS + 10);
      await items.hold(take.shardIndex, NOON_MS + 5);
      expect(await items.take({ ...take, nowMs: NOON_MS + 9 })).toEqual({
        kind: "refused",
        shard: { ...EMPTY, heldUntilMs: NOON_MS + 10 },
      });
      expect((await items.take({ ...take, nowMs: NOON_MS + 10 })).kind).toBe("taken");
    });

    test("an ordered hold shuts from its beginning to its end, and a later version takes its place", async () => {
      const take = newTake();
      const ordered = { version: 7, fromMs: NOON_MS + 5, untilMs: NOON_MS + 10 };
      await items.setOrderedHold(take.shardIndex, ordered);
      for (const nowMs of [NOON_MS + 5, NOON_MS + 9]) {
        expect(await items.take({ ...take, nowMs })).toEqual({
          kind: "refused",
          shard: { ...EMPTY, orderedHold: ordered },
        });
      }
      expect((await items.take({ ...take, nowMs: NOON_MS + 4 })).kind).toBe("taken");
      expect((await items.take({ ...take, leases: [B], nowMs: NOON_MS + 10 })).kind).toBe("taken");
      const ended = { version: 8, fromMs: 0, untilMs: 0 };
      await items.setOrderedHold(take.shardIndex, ended);
      await items.setOrderedHold(take.shardIndex, ordered);
      expect((await items.read(take.shardIndex)).orderedHold).toEqual(ended);
      expect((await items.take({ ...take, leases: [C], nowMs: NOON_MS + 5 })).kind).toBe("taken");
    });

    test("an ordered hold and the provider's own stand side by side, and a decision changes neither", async () => {
      const take = newTake();
      const ordered = { version: 1, fromMs: NOON_MS, untilMs: NOON_MS + 5 };
      await items.setOrderedHold(take.shardIndex, ordered);
      await items.hold(take.shardIndex, NOON_MS + 10);
      await items.setControl(take.shardIndex, { phase: "closed", limit: 3, epoch: 1 });
      for (const nowMs of [NOON_MS + 4, NOON_MS + 9]) {
        expect((await items.take({ ...take, nowMs })).kind).toBe("refused");
      }
      expect(await items.read(take.shardIndex)).toMatchObject({
        orderedHold: ordered,
        heldUntilMs: NOON_MS + 10,
      });
      expect((await items.take({ ...take, nowMs: NOON_MS + 10 })).kind).toBe("taken");
    });

    test("a shard says the limit from a pin's end on, and lends by it to whoever reckons with the same", async () => {
      const take = newTake();
      const pinned = {
        phase: "closed",
        limit: 3,
        epoch: 1,
        pinnedUntilMs: NOON_MS,
        unpinnedLimit: 7,
      } as const;
      await items.setControl(take.shardIndex, pinned);
      expect(await items.read(take.shardIndex)).toEqual({ ...EMPTY, ...pinned });
      expect((await items.take({ ...take, ifUnpinnedLimit: 8 })).kind).toBe("refused");
      expect((await items.take({ ...take, ifUnpinnedLimit: 7 })).kind).toBe("taken");
      expect((await items.take({ ...take, leases: [B] })).kind).toBe("taken");
      const decided = { phase: "closed", limit: 3, epoch: 2 } as const;
      await items.setControl(take.shardIndex, decided);
      expect(await items.read(take.shardIndex)).toEqual({ ...EMPTY, leases: [A, B], ...decided });
      expect((await items.take({ ...take, leases: [C], ifUnpinnedLimit: 7 })).kind).toBe("refused");
    });

    test("a shard that is forced lends until then; the next decision forgets the orders' ends", async () => {
      const take = newTake();
      const forced = {
        phase: "closed",
        limit: 3,
        epoch: 1,
        pinnedUntilMs: 1,
        forcedUntilMs: NOON_MS + 5,
      } as const;
      await items.setControl(take.shardIndex, forced);
      expect(await items.read(take.shardIndex)).toEqual({ ...EMPTY, ...forced });
      expect((await items.take({ ...take, nowMs: NOON_MS + 4 })).kind).toBe("taken");
      expect((await items.take({ ...take, leases: [B], nowMs: NOON_MS + 5 })).kind).toBe("refused");
      const decided = { phase: "closed", limit: 3, epoch: 2 } as const;
      await items.setControl(take.shardIndex, decided);
      expect(await items.read(take.shardIndex)).toEqual({ ...EMPTY, leases: [A], ...decided });
    });

    test("giving back frees exactly what is given back and adds up the report, and twice is once", async () => {
      const take = newTake({ leases: [A, B], ifAtMostOut: 1 });
      await items.take(take);
      const first = reportOf({ okCount: 2, latencySumMs: 30 });
      const afterwards = { ...EMPTY, leases: [B], evidence: evidenceOf(first), lastOkAtMs: NOON_MS };
      expect(await items.giveBack(take.shardIndex, [A], first)).toEqual(afterwards);
      expect(await items.giveBack(take.shardIndex, [A], first)).toEqual(afterwards);
      expect(await items.read(take.shardIndex)).toEqual(afterwards);
      const nothing = reportOf({}, { atMs: NOON_MS + 1 });
      expect(await items.giveBack(take.shardIndex, [B], nothing)).toEqual({ ...afterwards, leases: [] });
    });

    test("giving back no lease changes nothing", async () => {
      const take = newTake();
      await items.take(take);
      const shardNow = { ...EMPTY, leases: [A] };
      expect(await items.giveBack(take.shardIndex, [], reportOf({ okCount: 1 }))).toEqual(shardNow);
    });

    test("giving back leases that were pruned meanwhile adds nothing", async () => {
      const take = newTake();
      await items.take(take);
      await items.prune(take.shardIndex, [A]);
      const shardNow = await items.giveBack(take.shardIndex, [A], reportOf({ okCount: 1 }));
      expect(shardNow).toEqual(EMPTY);
    });

    test.each([
      ["a later epoch", 2, 1],
      ["an earlier epoch", 1, 2],
      ["its first epoch, of before it", 1, 0],
    ])("in %s than the report's, giving back only frees", async (_, epoch, reportedEpoch) => {
      const decided = { phase: "closed", limit: 3, epoch } as const;
      const take = newTake({ leases: [A, B], ifAtMostOut: 1 });
      await items.setControl(take.shardIndex, decided);
      await items.take(take);
      const given = reportOf({ okCount: 1, faultCount: 1 }, { epoch: reportedEpoch });
      const afterwards = { ...EMPTY, leases: [B], ...decided };
      expect(await items.giveBack(take.shardIndex, [A], given)).toEqual(afterwards);
      expect(await items.giveBack(take.shardIndex, [A], given)).toEqual(afterwards);
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
        heldCount: 12,
        heldSumMs: 13_000,
        rejectedCount: 7,
        ownRejectedCount: 2,
        repeatRejectedCount: 1,
        unavailableCount: 8,
        latencySumMs: 9.5,
        lnLatencySum: 10.123456,
        lnLatencySquareSum: 11.654321,
      });
      expect(await items.report(take.shardIndex, given)).toEqual({
        ...EMPTY,
        evidence: given.evidence,
        lastOkAtMs: NOON_MS,
      });
    });

    test("reports of many holders at once add up", async () => {
      const take = newTake();
      const lnLatency = Math.log(7);
      await Promise.all(
        Array.from({ length: 10 }, () =>
          items.report(take.shardIndex, reportOf({ slowCount: 1, faultCount: 2, lnLatencySum: lnLatency })),
        ),
      );
      const { evidence } = await items.read(take.shardIndex);
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
        const { lastOkAtMs } = await items.report(take.shardIndex, reportOf(evidence, { atMs: index }));
        times.push(lastOkAtMs);
      }
      expect(times).toEqual([0, 1, 1, 3]);
    });

    test("rejections are counted from the last success on, through epochs", async () => {
      const { shardIndex } = newTake();
      const counts: number[] = [];
      for (const evidence of [
        { rejectedCount: 2 },
        { faultCount: 1, rejectedCount: 1 },
        { okCount: 1, rejectedCount: 5 },
        { throttledCount: 1 },
        { rejectedCount: 7, ownRejectedCount: 3 },
      ]) {
        counts.push((await items.report(shardIndex, reportOf(evidence))).rejectedSinceOkCount);
      }
      expect(counts).toEqual([2, 3, 0, 0, 4]);
      await items.setControl(shardIndex, { phase: "closed", limit: 3, epoch: 1 });
      const later = reportOf({ rejectedCount: 1 }, { epoch: 1 });
      expect((await items.report(shardIndex, later)).rejectedSinceOkCount).toBe(5);
      const take = { ...newTake(), shardIndex, ifLimit: 3 };
      await items.take(take);
      const returned = await items.giveBack(
        shardIndex,
        take.leases,
        reportOf({ slowCount: 1 }, { epoch: 1 }),
      );
      expect(returned.rejectedSinceOkCount).toBe(0);
    });

    test("a report of another epoch than the shard's is no news", async () => {
      const take = newTake();
      const undecided = EMPTY;
      expect(await items.report(take.shardIndex, reportOf({ okCount: 1 }, { epoch: 1 }))).toEqual(undecided);
      const decided = { phase: "closed", limit: 3, epoch: 2 } as const;
      await items.setControl(take.shardIndex, decided);
      const shardNow = { ...EMPTY, ...decided };
      for (const epoch of [0, 1, 3]) {
        expect(await items.report(take.shardIndex, reportOf({ okCount: 1 }, { epoch }))).toEqual(shardNow);
      }
      const heard = await items.report(take.shardIndex, reportOf({ okCount: 1 }, { epoch: 2 }));
      expect(heard.evidence.okCount).toBe(1);
    });

    test("a decision clears the evidence, and keeps the leases, the hold and the last success", async () => {
      const take = newTake();
      await items.take(take);
      await items.report(take.shardIndex, reportOf({ okCount: 1, lnLatencySum: 2.5 }));
      await items.hold(take.shardIndex, NOON_MS + 10);
      const decided = { phase: "open", limit: 1, epoch: 1 } as const;
      await items.setControl(take.shardIndex, decided);
      const kept = { ...EMPTY, leases: [A], lastOkAtMs: NOON_MS, heldUntilMs: NOON_MS + 10 };
      expect(await items.read(take.shardIndex)).toEqual({ ...kept, evidence: NO_EVIDENCE, ...decided });
    });

    test.each([
      [0, 0],
      [1, 1],
      [5, 4],
      [5, 0],
    ])("a shard in epoch %i ignores a decision of epoch %i", async (epoch, late) => {
      const take = newTake();
      if (epoch > 0) await items.setControl(take.shardIndex, { phase: "closed", limit: 3, epoch });
      const before: PermitShard = await items.report(take.shardIndex, reportOf({ okCount: 1 }, { epoch }));
      await items.setControl(take.shardIndex, { phase: "open", limit: 1, epoch: late });
      expect(await items.read(take.shardIndex)).toEqual(before);
      expect(before.evidence.okCount).toBe(1);
    });

    test("of decisions that come in any order, the latest stays", async () => {
      const take = newTake();
      await Promise.all(
        [3, 1, 9, 2].map((epoch) =>
          items.setControl(take.shardIndex, { phase: "closed", limit: epoch, epoch }),
        ),
      );
      expect(await items.read(take.shardIndex)).toMatchObject({ limit: 9, epoch: 9 });
    });

    test("pruning removes leases that run out, and twice is once", async () => {
      const take = newTake({ leases: [A, B, C], ifAtMostOut: 0 });
      await items.take(take);
      await items.prune(take.shardIndex, [A, C]);
      await items.prune(take.shardIndex, [A, C]);
      expect((await items.read(take.shardIndex)).leases).toEqual([B]);
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

function byText(one: Pick<Lease, "text">, other: Pick<Lease, "text">): number {
  return one.text < other.text ? -1 : 1;
}
