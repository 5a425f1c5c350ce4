import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { NO_EVIDENCE } from "@sluice/core/law";
import { parseLease, parseWish } from "@sluice/core/permits";
import type { PermitItems } from "@sluice/core/ports";
import { createPermitItems } from "@sluice/core/storage";
import { createMemoryPermitItems } from "@sluice/core/storage/memory";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { answerWith, startRawServer } from "@sluice/testing/raw-server";
import { describe, expect, test } from "vitest";
import { startTable } from "../support/dynalite-table.ts";
import { describePermitItems } from "./permit-items.conformance.ts";

describePermitItems("in memory", async () => ({ items: createMemoryPermitItems(), stop: async () => {} }));

describePermitItems("on the virtual table", async () => ({
  items: createPermitItems(createVirtualTable(), "Demo"),
  stop: async () => {},
}));

describePermitItems("on DynamoDB", async () => {
  const table = await startTable();
  return { items: createPermitItems(table, "Demo"), stop: () => table.stop() };
});

test("sums are stored with six decimals, so that the item stays small", async () => {
  const table = await startTable();
  const evidence = { slowCount: 1, lnLatencySum: Math.log(7), lnLatencySquareSum: Math.log(7) ** 2 };
  const shard = await createPermitItems(table, "demo").report(0, { epoch: 0, evidence, atMs: 1 });
  expect(shard.evidence).toMatchObject({ lnLatencySum: 1.94591, lnLatencySquareSum: 3.786566 });
  await table.stop();
});

describe("permit items on AWS, which tells the shard that refused a write", () => {
  /** As AWS answers: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
  const refusal = JSON.stringify({
    __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
    message: "The conditional request failed",
    Item: {
      pk: { S: "$sluice#provider_demo#shard_0" },
      sk: { S: "$permit_1" },
      __edb_e__: { S: "permit" },
      __edb_v__: { S: "1" },
      provider: { S: "demo" },
      shard: { N: "0" },
      leases: { SS: ["b@1-2", "c@1-2"] },
      expressWishes: { SS: ["v@2"] },
      phase: { S: "open" },
      limit: { N: "3" },
      epoch: { N: "7" },
      split: { N: "2" },
      splitVersion: { N: "3" },
      splitSinceMs: { N: "5" },
      okCount: { N: "5" },
      lnLatencySum: { N: "1.25" },
    },
  });
  const told = {
    leases: [parseLease("b@1-2"), parseLease("c@1-2")],
    phase: "open",
    limit: 3,
    epoch: 7,
    split: { kind: "lending", version: 3, count: 2, sinceMs: 5 },
    wishes: { records: [], express: [parseWish("v@2")] },
    expressStreak: 0,
    heldUntilMs: 0,
    probeUntilMs: 0,
    lastOkAtMs: 0,
    rejectedSinceOkCount: 0,
    evidence: { ...NO_EVIDENCE, okCount: 5, lnLatencySum: 1.25 },
  };
  const lease = parseLease("a@1-2");
  const given = { epoch: 7, evidence: { okCount: 1 }, atMs: 1 };
  const take = {
    shardIndex: 0,
    leases: [lease],
    ifPhase: "closed",
    ifLimit: 3,
    ifSplit: 2,
    ifAtMostOut: 0,
    nowMs: 1,
  } as const;

  test.each<[call: string, use: (items: PermitItems) => Promise<unknown>, answer: unknown]>([
    ["take", (items) => items.take(take), { kind: "refused", shard: told }],
    ["giveBack", (items) => items.giveBack(0, [lease], given), told],
    ["report", (items) => items.report(0, given), told],
  ])("%s answers with it, without a read", async (_, use, answer) => {
    const json = { "Content-Type": "application/x-amz-json-1.0" };
    const server = await startRawServer(answerWith(400, refusal, json));
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const client = new DynamoDBClient({ endpoint: server.url, region: "us-east-1", credentials });
    expect(await use(createPermitItems({ client, name: "records" }, "demo"))).toEqual(answer);
    expect(server.paths).toHaveLength(1);
    client.destroy();
    await server.stop();
  });
});
