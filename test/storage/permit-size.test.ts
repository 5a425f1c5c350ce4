import { randomUUID } from "node:crypto";
import { WRITE_UNIT_BYTES } from "@sluice/core/aws-bounds";
import { NO_EVIDENCE } from "@sluice/core/law";
import { firstSplit, LEASE_BYTES, makeLeases, ORDINARY_SHARD_BYTES } from "@sluice/core/permits";
import type { PermitItems } from "@sluice/core/ports";
import { createPermitItems, PERMIT_MODEL } from "@sluice/core/storage";
import { permitBoundsOf } from "@sluice/core/valve";
import { createVirtualTable, type Item } from "@sluice/sim/cloud/dynamodb";
import { itemBytes } from "@sluice/sim/cloud/dynamodb/item-size";
import { demoProvider } from "@sluice/testing/demo-provider";
import { expect, test } from "vitest";

const NOW_MS = 1_764_292_640_123;
const LONGEST_NAME = "a-name-of-24-characters-";
const COUNT = 99_999_999;
/** More digits than any sum of milliseconds or logarithms has at six decimals. */
const SUM = 12_345_678.123_456;

const NOT_FILLED = ["leases", "expressWishes", "bulkWishes"];
/** Attributes of a shard that is tripped, probed or draining: nothing is lent to a batch then. */
const OF_SHARDS_THAT_DONT_LEND = ["probeAtMs", "probeUntilMs", "splitFromCount", "splitToCount"];
/** That of a shard that an order alone keeps closed: it knows of no last outage, which takes more bytes. */
const OF_FORCED_SHARDS = ["forcedUntilMs"];

const ORDINARY_COUNTS = ["okCount", "slowCount", "repeatOkCount", "faultCount", "timeoutCount"];
const CALLS = { medianMs: 300, sigma: 0.5, minMs: 50, maxMs: 1_000 };

interface Shard {
  readonly items: PermitItems;
  item(): Item;
  bytes(): number;
}

function createShard(): Shard {
  const table = createVirtualTable();
  const item = () => [...table.items()][0] ?? {};
  return { items: createPermitItems(table, LONGEST_NAME), item, bytes: () => itemBytes(item()) };
}

function unitsOf(bytes: number): number {
  return Math.ceil(bytes / WRITE_UNIT_BYTES);
}

/** The leases of as many holders, each of the longer form. */
function leasesOf(count: number) {
  return Array.from({ length: count }, () =>
    makeLeases(`!${randomUUID()}`, 10, NOW_MS, NOW_MS).slice(-1),
  ).flat();
}

/** Everything at once that a shard can have which lends to batches, but leases and wishes. */
async function fill(items: PermitItems): Promise<void> {
  const leases = leasesOf(1);
  const before = { shardIndex: 0, leases, ifLimit: 1_000, ifSplit: 100, ifAtMostOut: 0, nowMs: NOW_MS - 1 };
  await items.setSplit(0, { ...firstSplit(100, NOW_MS), version: 9_999 });
  const pinned = { pinnedUntilMs: NOW_MS, unpinnedLimit: 1_000 };
  const instants = { closedAtMs: NOW_MS, wellAtMs: NOW_MS, ...pinned };
  await items.setControl(0, { phase: "closed", limit: 1_000, epoch: COUNT, ...instants });
  const inLane = { lane: "express", ifAtMostWishes: 0, fulfils: [], expressStreak: 4 } as const;
  await items.take({ ...before, ifPhase: "closed", inLane });
  await items.prune(0, leases);
  const isFraction = (name: string) => name.endsWith("Ms") || name.endsWith("Sum");
  const sums = Object.keys(NO_EVIDENCE).map((name) => [name, isFraction(name) ? SUM : COUNT]);
  const { okCount, slowCount, ...others } = Object.fromEntries(sums);
  await items.report(0, { epoch: COUNT, evidence: { okCount, slowCount }, atMs: NOW_MS });
  const evidence = { ...others, rejectedCount: 2 * COUNT };
  await items.report(0, { epoch: COUNT, evidence, atMs: NOW_MS });
  await items.hold(0, NOW_MS);
  await items.setOrderedHold(0, { version: 9_999, fromMs: NOW_MS, untilMs: NOW_MS });
}

test("the fullest shard with its share of leases costs no more units than the split is planned for", async () => {
  const empty = createShard();
  await fill(empty.items);
  const missing = Object.keys(PERMIT_MODEL.attributes).filter((name) => empty.item()[name] === undefined);
  expect(missing.toSorted()).toEqual(
    [...NOT_FILLED, ...OF_SHARDS_THAT_DONT_LEND, ...OF_FORCED_SHARDS].toSorted(),
  );
  expect(empty.bytes()).toBe(711);
  for (const x of [1, 5, 10, 20, 50, 100, 500, 1_000]) {
    const { shardCount } = permitBoundsOf(demoProvider({ maxConcurrency: x }));
    const share = Math.ceil(x / shardCount);
    const { items, bytes } = createShard();
    await fill(items);
    await items.add(0, leasesOf(share));
    expect(unitsOf(bytes())).toBeLessThanOrEqual(unitsOf(300 + 72 * share));
  }
});

test("on an ordinary day a write of all permits of X = 20 costs one unit", async () => {
  const { items, bytes } = createShard();
  await items.setSplit(0, { ...firstSplit(1, NOW_MS), version: 9_999 });
  await items.setControl(0, {
    phase: "closed",
    limit: 20,
    epoch: COUNT,
    closedAtMs: NOW_MS,
    wellAtMs: NOW_MS,
  });
  const counts = Object.fromEntries(ORDINARY_COUNTS.map((name) => [name, COUNT]));
  const sums = { latencySumMs: SUM, lnLatencySum: SUM, lnLatencySquareSum: SUM };
  await items.report(0, { epoch: COUNT, evidence: { ...counts, ...sums }, atMs: NOW_MS });
  expect(bytes() + "leases".length).toBe(ORDINARY_SHARD_BYTES);
  const { shardCount } = permitBoundsOf(demoProvider({ maxConcurrency: 20, latency: CALLS }));
  expect(shardCount).toBe(1);
  await items.add(0, leasesOf(20));
  expect(bytes()).toBeLessThanOrEqual(WRITE_UNIT_BYTES);
});

test("a lease of a holder whose id is a UUID has at most thirty bytes", () => {
  const [lease] = leasesOf(1);
  expect(lease?.text).toHaveLength(LEASE_BYTES);
});
