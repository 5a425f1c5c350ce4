import {
  type AttributeValue,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandOutput,
} from "@aws-sdk/client-dynamodb";
import type { Clock } from "@sluice/core/ports";
import * as z from "zod";
import { CallFailed, calling } from "../call-failed.ts";
import type { Journal, RecordedInvocation } from "../ports/journal.ts";
import { waitUntil } from "../try-until.ts";
import { type Marks, tagsOf } from "./tagged.ts";

const ACTIVE_WITHIN_MS = 120_000;

/** {@link Journal} in a table of DynamoDB. */
export function createJournal(client: DynamoDBClient, clock: Clock, marks: Marks): Journal {
  return {
    create: (tableName) => create(client, clock, marks, tableName),
    since: (tableName, startedAtMs) => since(client, tableName, startedAtMs),
  };
}

async function create(client: DynamoDBClient, clock: Clock, marks: Marks, name: string): Promise<string> {
  const command = new CreateTableCommand({
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    Tags: Object.entries(tagsOf(marks)).map(([Key, Value]) => ({ Key, Value })),
  });
  const { TableDescription } = await calling("dynamodb:CreateTable", client.send(command));
  const isActive = await waitUntil(clock, ACTIVE_WITHIN_MS, async () => {
    const call = client.send(new DescribeTableCommand({ TableName: name }));
    return (await calling("dynamodb:DescribeTable", call)).Table?.TableStatus === "ACTIVE";
  });
  if (isActive) return TableDescription?.TableArn ?? "";
  throw new CallFailed(
    "dynamodb:CreateTable",
    new Error(`${name} was not active after ${ACTIVE_WITHIN_MS} ms`),
  );
}

async function since(
  client: DynamoDBClient,
  tableName: string,
  startedAtMs: number,
): Promise<readonly RecordedInvocation[]> {
  const invocations: RecordedInvocation[] = [];
  let startKey: Record<string, AttributeValue> | undefined;
  do {
    const page: QueryCommandOutput = await calling(
      "dynamodb:Query",
      client.send(
        new QueryCommand({
          TableName: tableName,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk AND sk >= :since",
          ExpressionAttributeValues: { ":pk": { S: "invocation" }, ":since": { S: String(startedAtMs) } },
          ...(startKey && { ExclusiveStartKey: startKey }),
        }),
      ),
    );
    invocations.push(...(page.Items ?? []).map((item) => toInvocation(rowSchema.parse(item))));
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined);
  return invocations;
}

const messagesSchema = z.array(
  z.object({ messageId: z.string(), groupId: z.string(), number: z.number(), receiveCount: z.number() }),
);

/** A row as the recorder writes it. */
const rowSchema = z.object({
  sk: z.object({ S: z.string() }),
  holdMs: z.object({ N: z.string() }),
  messages: z.object({ S: z.string() }),
});

function toInvocation({ sk, holdMs, messages }: z.infer<typeof rowSchema>): RecordedInvocation {
  const [startedAtMs, id = ""] = sk.S.split("#");
  return {
    id,
    startedAtMs: Number(startedAtMs),
    holdMs: Number(holdMs.N),
    messages: messagesSchema.parse(JSON.parse(messages.S)),
  };
}
