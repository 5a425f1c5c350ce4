import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DYNAMODB_LOCAL_URL, type StartedTable, startTable } from "../support/dynalite-table.ts";

/** Fault days stand on the virtual table: here it has to answer as what Amazon or others have made of DynamoDB. */
let table: StartedTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const TableName = "records";

type Command = GetCommand | PutCommand | UpdateCommand | DeleteCommand | QueryCommand;
type Send = (command: Command) => Promise<object>;

/** A command by its partition, so that each story has one of its own. */
type Step = (pk: string) => Command;

const sk = fc.constantFrom("s", "t");
/** Sums of a story's worth of them keep within the digits of a double; the virtual table refuses others. */
const number = fc.oneof(fc.integer({ min: -1, max: 2 }), fc.constantFrom(0.1, 0.2, 1e-7, 1_763_400));
const text = fc.constantFrom("", "x", "xy", "ü", "🦊");
const texts = fc
  .uniqueArray(fc.constantFrom("x", "y", "z"), { minLength: 1 })
  .map((members) => new Set(members));
const list = fc.array(fc.oneof(number, text, fc.constant(null)), { maxLength: 2 });

const attributes = fc.record(
  { n: number, m: number, t: text, c: texts, l: list, x: fc.constant(null), b: fc.boolean() },
  { requiredKeys: [] },
);

/** What stands for the values in the expressions, by the names that they have there. */
const values = fc.record({
  ":n": number,
  ":m": number,
  ":t": text,
  ":c": texts,
  ":l": list,
  ":e": fc.constant([]),
});

const update = fc.constantFrom(
  "SET #n = :n",
  "SET #n = :n, #m = #n",
  "SET #n = #m + :n",
  "SET #n = if_not_exists(#n, :m) - :n",
  "SET #t = if_not_exists(#t, :t)",
  "SET #l = list_append(if_not_exists(#l, :e), :l)",
  "SET #l = list_append(#l, :l)",
  "ADD #n :n",
  "ADD #c :c",
  "ADD #t :n",
  "DELETE #c :c",
  "REMOVE #n, #c",
  "SET #t = :t REMOVE #l ADD #n :n DELETE #c :c",
  "ADD #c :c DELETE #c :c",
);

const condition = fc.option(
  fc.constantFrom(
    "attribute_exists(#pk)",
    "attribute_not_exists(#pk)",
    "attribute_not_exists(#n) OR #n < :n",
    "#n >= :n AND attribute_exists(#c)",
    "NOT #n = :n",
    "#n <> :m",
    "#t < :t",
    "#n < :t",
    "#n <= :n",
    "#n > :n",
    "#n BETWEEN :n AND :m",
    "contains(#c, :t)",
    "size(#c) <= :n",
    "(attribute_exists(#t) AND #t = :t) OR (attribute_not_exists(#t) AND NOT contains(#c, :t))",
  ),
  { nil: undefined },
);

/** The names and values that some expressions use; DynamoDB refuses more. */
function used(expressions: readonly (string | undefined)[], all: object) {
  const whole = expressions.join(" ");
  const names = new Set(whole.match(/#\w+/g));
  const ExpressionAttributeValues = Object.fromEntries(
    Object.entries(all).filter(([name]) => new RegExp(`${name}\\b`).test(whole)),
  );
  return {
    ...(names.size > 0 && {
      ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [name, name.slice(1)])),
    }),
    ...(Object.keys(ExpressionAttributeValues).length > 0 && { ExpressionAttributeValues }),
  };
}

function conditional(ConditionExpression: string | undefined) {
  const tell = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
  return ConditionExpression === undefined ? {} : { ConditionExpression, ...tell };
}

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ sk }).map(
    ({ sk }) =>
      (pk: string) =>
        new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }),
  ),
  fc.record({ sk, attributes, condition, values }).map(
    ({ sk, attributes, condition, values }) =>
      (pk: string) =>
        new PutCommand({
          TableName,
          Item: { pk, sk, ...attributes },
          ReturnValues: "ALL_OLD",
          ...conditional(condition),
          ...used([condition], values),
        }),
  ),
  fc
    .record({ sk, update, condition, values, ReturnValues: fc.constantFrom("ALL_NEW", "ALL_OLD", "NONE") })
    .map(
      ({ sk, update, condition, values, ReturnValues }) =>
        (pk: string) =>
          new UpdateCommand({
            TableName,
            Key: { pk, sk },
            UpdateExpression: update,
            ReturnValues,
            ...conditional(condition),
            ...used([update, condition], values),
          }),
    ),
  fc.record({ sk, condition, values }).map(
    ({ sk, condition, values }) =>
      (pk: string) =>
        new DeleteCommand({
          TableName,
          Key: { pk, sk },
          ReturnValues: "ALL_OLD",
          ...conditional(condition),
          ...used([condition], values),
        }),
  ),
  fc.record({ ScanIndexForward: fc.boolean(), Limit: fc.constantFrom(1, 5) }).map(
    (order) => (pk: string) =>
      new QueryCommand({
        TableName,
        KeyConditionExpression: "#pk = :pk",
        ExpressionAttributeNames: { "#pk": "pk" },
        ExpressionAttributeValues: { ":pk": pk },
        ...order,
      }),
  ),
);

/** The client of a virtual table has no more of the SDK's than this. */
function clientOf({ client }: ReturnType<typeof createVirtualTable>) {
  return client as unknown as { send: Send };
}

/** What a caller sees of a command's end. */
async function endOf(send: Send, command: Command): Promise<object> {
  try {
    const { Attributes, Item, Items, LastEvaluatedKey } = (await send(command)) as Record<string, unknown>;
    return { Attributes, Item, Items, LastEvaluatedKey };
  } catch (thrown) {
    const { name, Item } = thrown as { name: string; Item?: Record<string, never> };
    return process.env[DYNAMODB_LOCAL_URL] === undefined
      ? { name }
      : { name, Item: Item && unmarshall(Item) };
  }
}

test("any commands have the same ends on the virtual table as on DynamoDB", async () => {
  const real = DynamoDBDocumentClient.from(table.client);
  let storyCount = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
      storyCount += 1;
      const virtual = createVirtualTable();
      for (const [index, commandFor] of steps.entries()) {
        const command = commandFor(`story-${storyCount}`);
        const expected = await endOf(real.send.bind(real) as Send, command);
        const ended = await endOf(clientOf(virtual).send, command);
        expect(ended, `${index}: ${JSON.stringify(command.input)}`).toEqual(expected);
      }
    }),
    { numRuns: 250 },
  );
});
