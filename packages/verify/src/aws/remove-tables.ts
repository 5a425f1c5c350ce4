import {
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ListTablesCommand,
  type ListTablesCommandOutput,
  ListTagsOfResourceCommand,
} from "@aws-sdk/client-dynamodb";
import type { Clock } from "@sluice/core/ports";
import { calling } from "../call-failed.ts";
import { tryUntil, unlessGone } from "../try-until.ts";
import { isTagged } from "./tagged.ts";

const GONE = ["ResourceNotFoundException"];
/** A table that is being made can't be deleted yet. */
const MADE_WITHIN_MS = 120_000;

/** The names of tables that runs have made. */
export async function findTables(client: DynamoDBClient, prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  // Names come in order: the list begins behind this one, which is none.
  let next: string | undefined = prefix;
  while (next !== undefined) {
    const page: ListTablesCommandOutput = await calling(
      "dynamodb:ListTables",
      client.send(new ListTablesCommand({ ExclusiveStartTableName: next })),
    );
    const names = page.TableNames ?? [];
    const named = names.filter((name) => name.startsWith(prefix));
    for (const name of named) if (await hasTag(client, name)) found.push(name);
    next = named.length === names.length ? page.LastEvaluatedTableName : undefined;
  }
  return found;
}

async function hasTag(client: DynamoDBClient, name: string): Promise<boolean> {
  const described = unlessGone(client.send(new DescribeTableCommand({ TableName: name })), GONE);
  const arn = (await calling("dynamodb:DescribeTable", described))?.Table?.TableArn;
  if (arn === undefined) return false;
  const call = client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }));
  const { Tags = [] } = (await calling("dynamodb:ListTagsOfResource", unlessGone(call, GONE))) ?? {};
  return isTagged(name, Object.fromEntries(Tags.map(({ Key = "", Value }) => [Key, Value])));
}

/** Deletes a table. */
export async function removeTable(client: DynamoDBClient, clock: Clock, name: string): Promise<void> {
  const remove = () => client.send(new DeleteTableCommand({ TableName: name }));
  // A table that is being deleted is in use as well, until it is gone.
  const whenMade = tryUntil(
    clock,
    MADE_WITHIN_MS,
    remove,
    (error) => error.name === "ResourceInUseException",
  );
  await calling("dynamodb:DeleteTable", unlessGone(whenMade, GONE));
}
