import { Entity } from "electrodb";
import { expect, test } from "vitest";
import { CONTRACT_MODEL } from "./contract-entity.ts";
import { LISTED_RUN_MODEL, ROSTER_MODEL } from "./roster-entity.ts";
import { LOST_RECORD_MODEL, RUN_MODEL, RUN_PART_MODEL, WATCHED_RUNS_MODEL } from "./run-entity.ts";
import { historyPartitionsOf, runPartitionsOf } from "./run-partitions.ts";
import { SNAPSHOT_MODEL } from "./snapshot-entity.ts";

const on = { table: "any" };
const run = { provider: "acme", runKey: "night" };

test("are those of every row of a run, and of no other provider's", () => {
  const [runs = "", lists = "", watched] = runPartitionsOf("acme");
  const keys = [
    new Entity(RUN_MODEL, on).get(run).params(),
    new Entity(RUN_PART_MODEL, on).get({ ...run, level: 0, index: 0 }).params(),
    new Entity(LOST_RECORD_MODEL, on).get({ ...run, number: 0 }).params(),
    new Entity(ROSTER_MODEL, on).get({ ...run, fromNumber: 0 }).params(),
  ].map(({ Key }) => Key.pk as string);
  for (const key of keys) expect(key).toBe(runs.replace("*", "night"));
  const listed = { provider: "acme", runsOf: "day/2026-11-21", time: "", runKey: "night" };
  const listKey = new Entity(LISTED_RUN_MODEL, on).get(listed).params();
  expect(listKey.Key.pk).toBe(lists.replace("*", "day/2026-11-21"));
  const list = new Entity(WATCHED_RUNS_MODEL, on).get({ provider: "acme", list: "watched" }).params();
  expect(list.Key.pk).toBe(watched);
  expect(runPartitionsOf("acm")[0]?.replace("*", "")).not.toBe(runs.slice(0, -1));
  expect(runs.startsWith(runPartitionsOf("acm")[0]?.replace("*", "") ?? "")).toBe(false);
});

test("of what a waker tells are those of its contract and its snapshots", () => {
  const [contract, snapshots = ""] = historyPartitionsOf("acme");
  const contractKey = new Entity(CONTRACT_MODEL, on).get({ provider: "acme", list: "contract" }).params();
  expect(contractKey.Key.pk).toBe(contract);
  const key = { provider: "acme", snapshotDay: "2026-11-21", time: "" };
  const { Key } = new Entity(SNAPSHOT_MODEL, on).get(key).params();
  expect(Key.pk).toBe(snapshots.replace("*", "2026-11-21"));
});
