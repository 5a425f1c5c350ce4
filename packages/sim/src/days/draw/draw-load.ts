import type { Lots } from "../../provider-simulator/lots.ts";
import type { Load } from "../story.ts";

/** Draws the records of a day: none, one, seven, thousands, trickles, bursts, twice the same, express beside bulk. */
export function drawLoad(recordsMax: number, minutes: number, lots: Lots): Load[] {
  const bulk = drawBulk(recordsMax, lots);
  const load: Load[] = [bulk];
  if (lots.chance(0.15)) {
    load.push({
      ...bulk,
      run: "again",
      atMinute: lots.between(0, minutes),
      count: Math.min(bulk.count, 500),
    });
  }
  if (lots.chance(0.25)) load.push(drawExpress(bulk, minutes, lots));
  if (lots.chance(0.35)) load.push(drawTrickle(minutes, lots));
  if (lots.chance(0.1)) {
    load.push({
      atMinute: lots.between(0, minutes),
      overMinutes: 0,
      lane: "records",
      run: "burst",
      firstRecord: 200_000,
      count: lots.logWhole(1, 300),
    });
  }
  return load.map((one) => withEnd(one, minutes, lots));
}

/** One load in eight has a deadline, and one in eight is cancelled. */
function withEnd(load: Load, minutes: number, lots: Lots): Load {
  return {
    ...load,
    ...(lots.chance(1 / 8) && { deadlineMinutes: lots.logBetween(0.1, minutes) }),
    ...(lots.chance(1 / 8) && { cancelAtMinute: load.atMinute + lots.logBetween(0.05, minutes) }),
  };
}

function drawBulk(recordsMax: number, lots: Lots): Load {
  const count = Math.min(recordsMax, drawCount(recordsMax, lots));
  return {
    atMinute: lots.chance(0.85) ? 0 : lots.between(0, 30),
    overMinutes: 0,
    lane: "records",
    run: "bulk",
    firstRecord: 0,
    count,
  };
}

/** Most records of a day that keeps a provider busy: more cost time and show nothing new. */
const BUSY_COUNT_MAX = 2_500;

/** In a third of the cases as many as keep the provider busy for a while: an overload needs a load. */
function drawCount(recordsMax: number, lots: Lots): number {
  if (lots.chance(0.004)) return 10_000;
  if (lots.chance(0.33)) return Math.min(BUSY_COUNT_MAX, Math.round(recordsMax * lots.logBetween(0.01, 0.3)));
  return lots.pick([
    0,
    1,
    7,
    30,
    100,
    100,
    lots.logWhole(2, 300),
    lots.logWhole(2, 1_000),
    lots.logWhole(200, 1_500),
  ]);
}

function drawExpress(bulk: Load, minutes: number, lots: Lots): Load {
  const isSame = lots.chance(0.5);
  return {
    atMinute: lots.between(0, minutes * 0.8),
    overMinutes: lots.chance(0.5) ? lots.between(1, 30) : 0,
    lane: "express",
    run: "express",
    firstRecord: isSame ? 0 : 100_000,
    count: isSame ? Math.min(bulk.count, lots.logWhole(1, 100)) : lots.logWhole(1, 100),
  };
}

function drawTrickle(minutes: number, lots: Lots): Load {
  const overMinutes = lots.between(5, minutes);
  return {
    atMinute: 0,
    overMinutes,
    lane: "records",
    run: "trickle",
    firstRecord: 300_000,
    count: Math.max(1, Math.round(overMinutes * lots.logBetween(0.1, 10))),
  };
}
