import { parseLease } from "@sluice/core/permits";
import { createFetchStore, createPermitItems } from "@sluice/core/storage";
import { describe, expect, test } from "vitest";
import { DynamoDbError } from "./errors.ts";
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  sendTo,
  UpdateCommand,
} from "./fakes/commands.ts";
import { type Around, createVirtualTable, type VirtualTable } from "./virtual-table.ts";

const TableName = "records";
const Key = { pk: "p", sk: "s" };

/** Puts `before` beside the key, updates it, and answers with the item as it is then, without its key. */
async function updated(before: object, UpdateExpression: string, values: object = {}): Promise<unknown> {
  const table = createVirtualTable();
  await sendTo(table, new PutCommand({ TableName, Item: { ...Key, ...before } }));
  const used = new Set(UpdateExpression.match(/#\w+/g));
  const input = {
    TableName,
    Key,
    UpdateExpression,
    ExpressionAttributeNames: Object.fromEntries([...used].map((name) => [name, name.slice(1)])),
    ExpressionAttributeValues: values,
    ReturnValues: "ALL_NEW",
  };
  const { Attributes: { pk, sk, ...rest } = {} } = await sendTo(table, new UpdateCommand(input));
  expect(table.item(Key)).toEqual({ pk, sk, ...rest });
  return rest;
}

describe("an update", () => {
  test.each<[what: string, before: object, update: string, values: object, after: object]>([
    ["sets", { a: 1 }, "SET #a = :a, #b = :b", { ":a": 2, ":b": "x" }, { a: 2, b: "x" }],
    ["sees what was before", { a: 1, b: 2 }, "SET #a = #b, #b = #a", {}, { a: 2, b: 1 }],
    ["removes", { a: 1, b: 2 }, "REMOVE #a, #none", {}, { b: 2 }],
    ["adds to a number", { a: 1 }, "ADD #a :a", { ":a": 2 }, { a: 3 }],
    ["adds from 0 where there is none", {}, "ADD #a :a", { ":a": -2 }, { a: -2 }],
    ["adds in decimals", { a: 0.1 }, "ADD #a :a", { ":a": 0.2 }, { a: 0.3 }],
    ["adds small decimals", { a: 1e-7 }, "ADD #a :a", { ":a": 2e-7 }, { a: 3e-7 }],
    [
      "adds to a set",
      { a: new Set(["x"]) },
      "ADD #a :a",
      { ":a": new Set(["x", "y"]) },
      { a: new Set(["x", "y"]) },
    ],
    ["adds to a number set", {}, "ADD #a :a", { ":a": new Set([1, 2]) }, { a: new Set([1, 2]) }],
    [
      "deletes from a set",
      { a: new Set(["x", "y"]) },
      "DELETE #a :a",
      { ":a": new Set(["x"]) },
      { a: new Set(["y"]) },
    ],
    [
      "removes a set with its last member",
      { a: new Set(["x"]) },
      "DELETE #a :a",
      { ":a": new Set(["x"]) },
      {},
    ],
    ["deletes from no set", {}, "DELETE #a :a", { ":a": new Set(["x"]) }, {}],
    [
      "appends",
      { a: [1] },
      "SET #a = list_append(if_not_exists(#a, :none), :a)",
      { ":none": [], ":a": [{ b: 2 }] },
      { a: [1, { b: 2 }] },
    ],
    [
      "appends to none",
      {},
      "SET #a = list_append(if_not_exists(#a, :none), :a)",
      { ":none": [], ":a": [2] },
      { a: [2] },
    ],
    ["subtracts", { a: 3 }, "SET #a = (if_not_exists(#a, :none) - :a)", { ":none": 0, ":a": 1 }, { a: 2 }],
    ["keeps null where it is there", { a: null }, "SET #a = if_not_exists(#a, :a)", { ":a": 1 }, { a: null }],
    [
      "has clauses in any case and order",
      { a: 1, b: 1 },
      "remove #b set #a = #a + :a",
      { ":a": 1 },
      { a: 2 },
    ],
  ])("%s", async (_, before, update, values, after) => {
    expect(await updated(before, update, values)).toEqual(after);
  });

  test.each<[what: string, before: object, update: string, values: object]>([
    [
      "two actions on one attribute",
      { a: new Set(["x"]) },
      "ADD #a :a DELETE #a :a",
      { ":a": new Set(["x"]) },
    ],
    ["an action on the key", {}, "SET #pk = :a", { ":a": "x" }],
    ["an empty set", {}, "ADD #a :a", { ":a": new Set() }],
    ["a number added to text", { a: "x" }, "ADD #a :a", { ":a": 1 }],
    ["text added to nothing", {}, "ADD #a :a", { ":a": "x" }],
    ["numbers added to a set of texts", { a: new Set(["x"]) }, "ADD #a :a", { ":a": new Set([1]) }],
    ["a missing attribute in a formula", {}, "SET #a = #b + :a", { ":a": 1 }],
    ["a sum of more than 38 digits", { a: 1e12 }, "ADD #a :a", { ":a": 1e-30 }],
    ["a list appended to text", { a: "x" }, "SET #a = list_append(#a, :a)", { ":a": [1] }],
    ["a clause that stands twice", {}, "SET #a = :a SET #b = :a", { ":a": 1 }],
    ["a value that stands for nothing", {}, "SET #a = :a", {}],
    ["a value that is not used", {}, "SET #a = :a", { ":a": 1, ":b": 1 }],
    ["an item of more than 400 KB", { a: "x".repeat(409_000) }, "SET #b = :b", { ":b": "x".repeat(600) }],
  ])("with %s is invalid", async (_, before, update, values) => {
    const error = { name: "ValidationException", $metadata: { httpStatusCode: 400 } };
    await expect(updated(before, update, values)).rejects.toMatchObject(error);
  });

  test.each([
    ["a nested path", "SET #a.#b = :a", { ":a": 1 }],
    ["a bare name", "SET a = :a", { ":a": 1 }],
    ["an unknown function", "SET #a = sqrt(:a)", { ":a": 1 }],
    ["what goes on behind its end", "SET #a = :a :a", { ":a": 1 }],
    ["an undefined part", "SET #a = :a", { ":a": [undefined] }],
    ["an instance of a class", "SET #a = :a", { ":a": new Date(0) }],
    ["a number that is none", "SET #a = :a", { ":a": Number.NaN }],
    ["a number beyond the safe ones", "SET #a = :a", { ":a": 2 ** 53 }],
    ["half a surrogate pair", "SET #a = :a", { ":a": "\ud800" }],
    ["a sum of more digits than a double keeps", "SET #a = :a + :b", { ":a": 1e12, ":b": 1e-7 }],
  ])("with %s is more than the table knows", async (_, update, values) => {
    await expect(updated({}, update, values)).rejects.toMatchObject({ name: "UnsupportedRequest" });
  });
});

describe("a condition", () => {
  const item = { ...Key, a: 2, b: "b", c: new Set(["x", "y"]), d: [1, { e: 1 }], n: null };
  const values = { ":1": 1, ":2": 2, ":3": 3, ":b": "b", ":x": "x", ":e": { e: 1 }, ":n": null };

  async function holds(condition: string, stored: object | undefined = item): Promise<boolean> {
    const table = createVirtualTable();
    if (stored !== undefined) await sendTo(table, new PutCommand({ TableName, Item: stored }));
    const names = new Set(condition.match(/#\w+/g));
    const used = new Set(condition.match(/:\w+/g));
    const input = {
      TableName,
      Key,
      ConditionExpression: condition,
      ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [name, name.slice(1)])),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(values).filter(([name]) => used.has(name)),
      ),
    };
    return sendTo(table, new DeleteCommand(input)).then(
      () => true,
      (thrown) => {
        if (thrown.name !== "ConditionalCheckFailedException") throw thrown;
        return false;
      },
    );
  }

  test.each([
    "#a = :2",
    "#a <> :1",
    "#none <> :1",
    "#a > :1 AND #a >= :2 AND #a < :3 AND #a <= :2",
    "#a BETWEEN :1 AND :2 AND #b = :b",
    "attribute_exists(#a) AND attribute_not_exists(#none)",
    "attribute_exists(#n) AND #n = :n",
    "contains(#c, :x) AND contains(#d, :e) AND contains(#b, :b)",
    "size(#c) = :2 AND size(#d) <= :2",
    "begins_with(#b, :b)",
    "#a = :1 OR #a = :2 AND #b = :b",
    "NOT #a = :1 and not (#a = :2 AND #b = :x)",
    "NOT (#none = :1)",
    "(#a = :1 OR #b = :b) AND (#a = :2)",
  ])("holds: %s", async (condition) => {
    expect(await holds(condition)).toBe(true);
  });

  test.each([
    "#a = :1",
    "#a = :b",
    "#none = :1",
    "#none < :1",
    "#b < :1",
    "#a BETWEEN :1 AND #none",
    "contains(#c, :b)",
    "contains(#none, :b)",
    "size(#none) <= :1",
    "(#a = :2 OR #a = :1) AND #b = :x",
    "NOT #a = :2 OR #b = :x",
    "attribute_exists(#constructor)",
  ])("does not hold: %s", async (condition) => {
    expect(await holds(condition)).toBe(false);
  });

  test("with a second pair of parentheses is invalid, and with other orders than DynamoDB's unknown", async () => {
    await expect(holds("((#a = :2))")).rejects.toMatchObject({ name: "ValidationException" });
    await expect(holds("#a < :n")).rejects.toMatchObject({ name: "ValidationException" });
    await expect(holds("#a BETWEEN :2 AND :1")).rejects.toMatchObject({ name: "ValidationException" });
    await expect(holds("size(#b) = :1")).rejects.toMatchObject({ name: "UnsupportedRequest" });
    await expect(holds("#a IN (:1)")).rejects.toMatchObject({ name: "UnsupportedRequest" });
  });

  test("that fails changes nothing, and tells the item in the form of the wire if asked", async () => {
    const table = createVirtualTable();
    await sendTo(table, new PutCommand({ TableName, Item: item }));
    const input = {
      TableName,
      Item: Key,
      ConditionExpression: "attribute_not_exists(#pk)",
      ExpressionAttributeNames: { "#pk": "pk" },
    };
    const refused = { name: "ConditionalCheckFailedException", $metadata: { httpStatusCode: 400 } };
    const silent = await sendTo(table, new PutCommand(input)).catch((thrown) => thrown);
    expect(silent).toMatchObject(refused);
    expect(silent).not.toHaveProperty("Item");
    const asked = { ...input, ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
    const told = await sendTo(table, new PutCommand(asked)).catch((thrown) => thrown);
    expect(told.Item).toEqual({
      pk: { S: "p" },
      sk: { S: "s" },
      a: { N: "2" },
      b: { S: "b" },
      c: { SS: ["x", "y"] },
      d: { L: [{ N: "1" }, { M: { e: { N: "1" } } }] },
      n: { NULL: true },
    });
    expect(table.item(Key)).toEqual(item);
  });
});

describe("reads", () => {
  async function tableOf(...sks: string[]): Promise<VirtualTable> {
    const table = createVirtualTable();
    for (const pk of ["p", "q"]) {
      for (const sk of sks)
        await sendTo(table, new PutCommand({ TableName, Item: { pk, sk, size: sk.length } }));
    }
    return table;
  }
  const sksOf = (items: Iterable<{ readonly sk?: unknown }> = []) => Array.from(items, ({ sk }) => sk);
  const byPk = {
    TableName,
    KeyConditionExpression: "#pk = :pk and #sk >= :sk",
    ExpressionAttributeNames: { "#pk": "pk", "#sk": "sk" },
    ExpressionAttributeValues: { ":pk": "p", ":sk": "a" },
  };

  test("a query lists a partition by the bytes of its sort keys, from either end", async () => {
    const table = await tableOf("🦊", "\uffee", "b", "B", "a");
    expect(sksOf((await sendTo(table, new QueryCommand(byPk))).Items)).toEqual(["a", "b", "\uffee", "🦊"]);
    const backwards = await sendTo(table, new QueryCommand({ ...byPk, ScanIndexForward: false, Limit: 2 }));
    expect(sksOf(backwards.Items)).toEqual(["🦊", "\uffee"]);
    const rest = { ...byPk, ScanIndexForward: false, ExclusiveStartKey: backwards.LastEvaluatedKey };
    expect(sksOf((await sendTo(table, new QueryCommand(rest))).Items)).toEqual(["b", "a"]);
  });

  test("a scan goes through everything, page by page, and filters afterwards", async () => {
    const table = await tableOf("a", "bb", "c");
    const pages: unknown[] = [];
    let ExclusiveStartKey: object | undefined;
    do {
      const filter = { FilterExpression: "#size = :1", ExpressionAttributeNames: { "#size": "size" } };
      const bound = { ...filter, ExpressionAttributeValues: { ":1": 1 }, Limit: 2 };
      const page = await sendTo(table, new ScanCommand({ TableName, ...bound, ExclusiveStartKey }));
      pages.push(sksOf(page.Items));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    expect(pages).toEqual([["a"], ["c", "a"], ["c"], []]);
  });

  test("what is read, or was written, is the reader's and writer's own", async () => {
    const table = createVirtualTable();
    const list = [1];
    await sendTo(table, new PutCommand({ TableName, Item: { ...Key, list } }));
    list.push(2);
    const { Item } = await sendTo(table, new GetCommand({ TableName, Key }));
    Object.assign(Object(Item?.list), { 0: 3 });
    expect(table.item(Key)).toEqual({ ...Key, list: [1] });
  });

  test("the table can be looked into", async () => {
    const table = await tableOf("b", "a");
    expect(sksOf(table.partition("q"))).toEqual(["a", "b"]);
    expect(sksOf(table.items())).toEqual(["a", "b", "a", "b"]);
    await sendTo(table, new DeleteCommand({ TableName, Key: { pk: "p", sk: "a" } }));
    expect(sksOf(table.items())).toEqual(["b", "a", "b"]);
    expect(table.item({ pk: "p", sk: "a" })).toBeUndefined();
  });

  test.each([
    ["a command of another kind", new BatchGetCommand({ TableName })],
    ["an option that is not known", new GetCommand({ TableName, Key, ProjectionExpression: "a" })],
    ["a query of an index", new QueryCommand({ ...byPk, IndexName: "gsi1" })],
  ])("%s is more than the table knows", async (_, command) => {
    const sent = sendTo(createVirtualTable(), command);
    await expect(sent).rejects.toMatchObject({ name: "UnsupportedRequest" });
  });

  test.each([
    ["another table", new GetCommand({ TableName: "other", Key }), "ResourceNotFoundException"],
    ["an empty key", new GetCommand({ TableName, Key: { pk: "", sk: "s" } }), "ValidationException"],
    [
      "a key that is too long",
      new GetCommand({ TableName, Key: { pk: "語".repeat(683), sk: "s" } }),
      "ValidationException",
    ],
    ["half a key", new GetCommand({ TableName, Key: { pk: "p" } }), "ValidationException"],
  ])("%s is refused", async (_, command, name) => {
    await expect(sendTo(createVirtualTable(), command)).rejects.toMatchObject({ name });
  });
});

describe("between client and table", () => {
  const lease = parseLease("a@1-2");
  const report = { epoch: 0, evidence: { okCount: 1 }, atMs: 1 };
  const permitsBehind = (around: Around) => createPermitItems(createVirtualTable({ around }), "demo");

  test("each request is told by operation and key", async () => {
    const seen: unknown[] = [];
    const table = createVirtualTable({
      around: async (request, apply) => {
        seen.push(request);
        return apply();
      },
    });
    const items = createPermitItems(table, "demo");
    await items.report(3, report);
    await items.read(3);
    await Array.fromAsync(createFetchStore(table).list("demo", "2026-11-18"));
    const key = { pk: "$sluice#provider_demo#shard_3", sk: "$permit_1" };
    expect(seen).toEqual([
      { operation: "UpdateItem", key, isWrite: true },
      { operation: "GetItem", key, isWrite: false },
      { operation: "Scan", key: {}, isWrite: false },
    ]);
    expect(table.item(key)).toMatchObject({ okCount: 1, __edb_e__: "permit" });
  });

  test("a request can be kept from the table, and its error is the caller's", async () => {
    const throttled = new DynamoDbError("ThrottlingException", "Rate exceeded");
    const items = permitsBehind(async () => Promise.reject(throttled));
    await expect(items.report(0, report)).rejects.toMatchObject({ name: "Unreachable", cause: throttled });
  });

  test("an answer can be lost behind a write, and a write be repeated", async () => {
    let isLosing = true;
    const items = permitsBehind(async (request, apply) => {
      apply();
      if (request.isWrite && isLosing) throw new DynamoDbError("InternalServerError", "lost", 500);
      return apply();
    });
    await expect(items.report(0, report)).rejects.toMatchObject({ name: "Unreachable" });
    expect((await items.read(0)).evidence.okCount).toBe(1);
    isLosing = false;
    expect((await items.report(0, report)).evidence.okCount).toBe(3);
  });

  test("a write that is refused tells the item: no read follows", async () => {
    const operations: string[] = [];
    const items = permitsBehind(async ({ operation }, apply) => {
      operations.push(operation);
      return apply();
    });
    await items.setControl(0, { phase: "open", limit: 3, epoch: 1 });
    const bounds = { ifPhase: "closed", ifLimit: 3, ifSplit: 1, ifAtMostOut: 2, nowMs: 1 } as const;
    const answer = await items.take({ shardIndex: 0, leases: [lease], ...bounds });
    expect(answer).toMatchObject({ kind: "refused", shard: { phase: "open", epoch: 1 } });
    expect(operations).toEqual(["UpdateItem", "UpdateItem"]);
  });

  test("requests need microtasks alone", async () => {
    let turnCount = 0;
    setImmediate(() => {
      turnCount += 1;
    });
    const store = createFetchStore(createVirtualTable());
    const key = { provider: "demo", day: "2026-11-18", recordId: "a" };
    const claim = { ...key, attemptId: "a", runId: "r", correlationId: "c", nowMs: 1, leaseUntilMs: 2 };
    await store.claim({ ...claim, maxAttempts: 3, isRedriven: false });
    await Array.fromAsync(store.list("demo", "2026-11-18"));
    expect(turnCount).toBe(0);
  });
});
