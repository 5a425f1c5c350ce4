import fc from "fast-check";
import { expect, test } from "vitest";
import { mergePatchOf, patched } from "./merge-patch.ts";

const names = fc.constantFrom("a", "b", "c", "d");
const { object } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  object: fc.dictionary(names, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: 0, max: 3 }),
    fc.boolean(),
    fc.constantFrom("x", "y"),
    fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
    tie("object"),
  ),
}));

test("a patch makes one object of the other", () => {
  fc.assert(
    fc.property(object, object, (from, to) => {
      expect(patched(from, mergePatchOf(from, to))).toEqual(to);
    }),
    { numRuns: 1_000 },
  );
});

test("a patch has only what differs", () => {
  fc.assert(
    fc.property(object, (same) => {
      expect(mergePatchOf(same, structuredClone(same))).toEqual({});
    }),
  );
  expect(mergePatchOf({ a: 1, b: { c: 2, d: 3 }, e: 4 }, { a: 1, b: { c: 2, d: 5 } })).toEqual({
    b: { d: 5 },
    e: null,
  });
});
