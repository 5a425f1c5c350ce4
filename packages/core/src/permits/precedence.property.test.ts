import fc from "fast-check";
import { expect, test } from "vitest";
import type { PermitShard } from "../ports/permit-items.ts";
import { LANES, otherLane } from "../provider/lane.ts";
import { holderIn, laneOf, leasesAt, makeLeases } from "./lease.ts";
import { expressMost, isAwaited, keptFor, mayWish } from "./precedence.ts";
import { makeWishes, parseWish, wishesAt } from "./wish.ts";

const NOW_MS = 1_000;
const counts = fc.nat(14);

/** A shard on which so many of each lane's permits are out, and wished for, some of them lapsed. */
const situation = fc
  .record({
    share: fc.integer({ min: 1, max: 12 }),
    out: fc.record({ records: counts, express: counts }),
    lapsedCount: fc.nat(3),
    waiting: fc.record({ records: counts, express: counts }),
    expressStreak: fc.nat(6),
    expressAtMs: fc.integer({ min: 4, max: 6 }),
  })
  .map(({ share, out, lapsedCount, waiting, expressStreak, expressAtMs }) => {
    const expressCount = Math.min(out.express, share);
    const recordsCount = Math.min(out.records, share - expressCount);
    const wishesOf = (count: number) => [
      ...makeWishes("lapsed", lapsedCount, NOW_MS),
      ...makeWishes("live", count, NOW_MS + 1),
    ];
    const shard: Pick<PermitShard, "leases" | "wishes" | "expressStreak"> = {
      leases: [
        ...makeLeases(holderIn("express", "e"), expressCount, expressAtMs, NOW_MS),
        ...makeLeases(holderIn("records", "b"), recordsCount, 5, NOW_MS),
        ...makeLeases(holderIn("records", "dead"), lapsedCount, 5, NOW_MS - 1),
      ],
      wishes: { records: wishesOf(waiting.records), express: wishesOf(waiting.express) },
      expressStreak,
    };
    return { share, shard, waiting };
  });

type Situation = typeof situation extends fc.Arbitrary<infer S> ? S : never;

function outIn({ shard }: Situation, lane: (typeof LANES)[number]): number {
  return leasesAt(shard.leases, NOW_MS).live.filter((lease) => laneOf(lease) === lane).length;
}

test("a permit that is free may always be taken by a lane that waits", () => {
  fc.assert(
    fc.property(situation, (given) => {
      const { share, shard, waiting } = given;
      const freeCount = share - outIn(given, "records") - outIn(given, "express");
      const roomOf = (lane: (typeof LANES)[number]) =>
        freeCount - keptFor(otherLane(lane), share, shard, NOW_MS);
      for (const lane of LANES) {
        if (waiting[otherLane(lane)] === 0) expect(roomOf(lane)).toBe(freeCount);
      }
      if (freeCount > 0) expect(Math.max(...LANES.map(roomOf))).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});

test("express is kept four fifths at most, the bulk the rest, and neither more than it wishes for", () => {
  fc.assert(
    fc.property(situation, (given) => {
      const { share, shard, waiting } = given;
      const kept = { records: 0, express: 0 };
      for (const lane of LANES) {
        kept[lane] = keptFor(lane, share, shard, NOW_MS);
        expect(kept[lane]).toBeLessThanOrEqual(waiting[lane]);
      }
      if (share > 1 && kept.express > 0)
        expect(kept.express + outIn(given, "express")).toBeLessThanOrEqual(0.8 * share);
      if (kept.records > 0)
        expect(kept.records + outIn(given, "records")).toBeLessThanOrEqual(Math.ceil(0.2 * share));
      expect(expressMost(share, shard)).toBeLessThanOrEqual(share);
    }),
    { numRuns: 2_000 },
  );
});

test("as many of the bulk's holders give way as there are permits missing, and the bulk keeps its part", () => {
  fc.assert(
    fc.property(situation, (given) => {
      const { share, shard } = given;
      const { live } = leasesAt(shard.leases, NOW_MS);
      const givingWay = live.filter((lease) => isAwaited(lease, share, shard, NOW_MS));
      const missingCount = keptFor("express", share, shard, NOW_MS) - (share - live.length);
      expect(givingWay).toHaveLength(Math.max(0, missingCount));
      expect(givingWay.filter((lease) => laneOf(lease) === "express")).toEqual([]);
      const leftCount = outIn(given, "records") - givingWay.length;
      if (givingWay.length > 0) expect(leftCount).toBeGreaterThanOrEqual(share - expressMost(share, shard));
    }),
    { numRuns: 2_000 },
  );
});

test("the bulk wishes for nothing as long as express has less than its part, and wants no more", () => {
  fc.assert(
    fc.property(situation, (given) => {
      const { share, shard, waiting } = given;
      const isPart = outIn(given, "express") + waiting.express >= Math.max(1, Math.floor(0.8 * share));
      expect(mayWish("records", share, shard, NOW_MS)).toBe(isPart);
      expect(mayWish("express", share, shard, NOW_MS)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("a wish is read as it was made, whatever its holder is called, and anything else has run out", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (holderId, untilMs) => {
      for (const wish of makeWishes(holderId, 2, untilMs)) expect(parseWish(wish.text)).toEqual(wish);
    }),
  );
  for (const text of ["", "x", "x@", "x@soon", "x@Infinity", "x@-1"]) {
    expect(wishesAt([parseWish(text)], 0).live).toEqual([]);
  }
});
