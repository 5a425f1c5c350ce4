import { expect, test } from "vitest";
import { parseRecord } from "./record.ts";

class Point {
  readonly x = 1;
}

const holdsItself: Record<string, unknown> = {};
holdsItself.self = holdsItself;

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = { deeper: value };
  return value;
}

test.each<[payload: unknown, reason: string]>([
  [Number.NaN, "payload is NaN, which JSON would change"],
  [Number.NEGATIVE_INFINITY, "payload is -Infinity, which JSON would change"],
  [{ price: Number.NaN }, "payload.price is NaN, which JSON would change"],
  [
    { items: [1, { price: Number.POSITIVE_INFINITY }] },
    "payload.items.1.price is Infinity, which JSON would change",
  ],
  [1n, "payload is a bigint, which JSON would change"],
  [Symbol("a"), "payload is a symbol, which JSON would change"],
  [() => {}, "payload is a function, which JSON would change"],
  [{ part: undefined }, "payload.part is undefined, which JSON would change"],
  [[undefined], "payload.0 is undefined, which JSON would change"],
  [new Array(1), "payload is an array with holes or names, which JSON would change"],
  [/(a)/.exec("a"), "payload is an array with holes or names, which JSON would change"],
  [new Map([["a", 1]]), "payload is a Map, which JSON would change"],
  [{ by: new Set() }, "payload.by is a Set, which JSON would change"],
  [new Date(0), "payload is a Date, which JSON would change"],
  [/a/, "payload is a RegExp, which JSON would change"],
  [new Error("a"), "payload is an Error, which JSON would change"],
  [new Uint8Array(1), "payload is a Uint8Array, which JSON would change"],
  [new String("a"), "payload is a String, which JSON would change"],
  [new Point(), "payload is a Point, which JSON would change"],
  [Promise.resolve(1), "payload is a Promise, which JSON would change"],
  [{ [Symbol("a")]: 1 }, "payload is an object with symbols for keys, which JSON would change"],
  [
    Object.defineProperty({}, "toJSON", { value: () => 1 }),
    "payload is an object with toJSON, which JSON would change",
  ],
  [Object.create({ inherited: 1 }), "payload is an object with a prototype, which JSON would change"],
  [holdsItself, "payload is nested more than 500 levels deep"],
  [nested(501), "payload is nested more than 500 levels deep"],
  [nested(100_000), "payload is nested more than 500 levels deep"],
])("a payload %# that JSON would change is rejected, and the reason says where", (payload, reason) => {
  expect(parseRecord({ id: "a", payload })).toEqual({ kind: "rejected", id: "a", reason });
});

test.each([
  null,
  true,
  "",
  "\ud800",
  -0,
  1e300,
  [],
  {},
  [[null], [1, "a"]],
  { a: { b: [{ c: null }] }, "": 1, toJSON: 1 },
  JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 1 }'),
  Object.assign(Object.create(null), { a: 1 }),
  nested(500),
])("a payload %# that JSON carries is taken as it is", (payload) => {
  const parsed = parseRecord({ id: "a", payload });
  expect(parsed).toEqual({ kind: "record", record: { id: "a", payload } });
});

test("a part that is shared is no circle", () => {
  const shared = { a: 1 };
  expect(parseRecord({ id: "a", payload: [shared, shared] })).toMatchObject({ kind: "record" });
});

test.each<[input: object, reason: string]>([
  [{ id: "a", paylod: 1 }, '"paylod" is no part of a record, which has id and payload'],
  [{ ID: "a" }, '"ID" is no part of a record, which has id and payload'],
  [{ id: "a", payload: 1, x: 1, y: 2 }, '"x", "y" are no parts of a record, which has id and payload'],
])("a record with another key is rejected by its name: %j", (input, reason) => {
  expect(parseRecord(input)).toMatchObject({ kind: "rejected", reason });
});

test("a reason is some lines long at most, however long the names in it", () => {
  for (const input of [
    { id: "a", ["x".repeat(1_000_000)]: 1 },
    { id: "a", ...Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key-${index}`, 1])) },
    { id: "a", payload: { ["x".repeat(1_000_000)]: Number.NaN } },
  ]) {
    const parsed = parseRecord(input);
    expect(parsed.kind === "rejected" && parsed.reason.length).toBeLessThan(1_000);
  }
});

test("a record that can't be read is rejected, with the reason", () => {
  const unreadable = {
    get id(): string {
      throw new Error("detached");
    },
  };
  const reason = "the record can't be read: detached";
  expect(parseRecord(unreadable)).toEqual({ kind: "rejected", id: undefined, reason });
});
