import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DYNAMODB_LOCAL_URL, type StartedTable, startTable } from "../support/dynalite-table.ts";

const isDynamoDbLocal = process.env[DYNAMODB_LOCAL_URL] !== undefined;

let table: StartedTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

function refusedUpdate(more: object) {
  const names = { TableName: table.name, Key: { pk: { S: "p" }, sk: { S: "s" } } };
  return table.client.send(
    new UpdateItemCommand({
      ...names,
      UpdateExpression: "SET n = :n",
      ConditionExpression: "attribute_not_exists(pk)",
      ExpressionAttributeValues: { ":n": { N: "1" } },
      ...more,
    }),
  );
}

test("a refused write brings the item along that was asked for; dynalite brings none, so that stores read it", async () => {
  await refusedUpdate({});
  const refusal = refusedUpdate({ ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
  const item = { pk: { S: "p" }, sk: { S: "s" }, n: { N: "1" } };
  await expect(refusal).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  const { Item } = await refusal.catch((error) => error);
  expect(Item).toEqual(isDynamoDbLocal ? item : undefined);
});
