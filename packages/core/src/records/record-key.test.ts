import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { recordKey, sha256Hex } from "./record-key.ts";

/** Well-formed text of any length, dense in what SQS takes and in what it refuses. */
const ids = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 200 }),
  fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 200 }),
  fc.string({ unit: fc.constantFrom("a", "A", ":", " ", "\n", "é"), minLength: 1, maxLength: 4 }),
  fc.string({ minLength: 127, maxLength: 130 }),
);

test("different ids have different keys", () => {
  fc.assert(
    fc.property(fc.uniqueArray(ids, { maxLength: 200 }), (distinct) => {
      expect(new Set(distinct.map(recordKey)).size).toBe(distinct.length);
    }),
  );
});

test("every key is one that SQS takes as a group id", () => {
  fc.assert(
    fc.property(ids, (id) => {
      expect(recordKey(id)).toMatch(/^[!-~]{1,128}$/);
    }),
  );
});

test("no id can pass for the hash of another", () => {
  fc.assert(
    fc.property(ids, (id) => {
      const key = recordKey(id);
      expect(recordKey(key)).toBe(key.startsWith("sha256:") ? `sha256:${sha256Hex(key)}` : id);
    }),
  );
});

test.each(["42", "ACME-7", "acme-7", "a/b?c=d&e#f", "x".repeat(128), "~!@$%^&*()_+{}|<>[];',.\\\"`-="])(
  "%j stands for itself",
  (id) => {
    expect(recordKey(id)).toBe(id);
  },
);

test.each([
  ["too long", "x".repeat(129)],
  ["with a space", "a b"],
  ["with a line feed at the end", "a\n"],
  ["with a colon", "urn:isbn:1"],
  ["with NUL", "a\u0000"],
  ["not ASCII", "Zürich"],
  ["an emoji", "🦊"],
])("an id that is %s stands as the hash of its UTF-8", (_, id) => {
  expect(recordKey(id)).toBe(`sha256:${createHash("sha256").update(id, "utf8").digest("hex")}`);
});
