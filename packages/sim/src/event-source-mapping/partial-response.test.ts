import { expect, test } from "vitest";
import { readPartialResponse } from "./partial-response.ts";

const failures = (...items: unknown[]) => JSON.stringify({ batchItemFailures: items });

test.each([
  ["nothing", "", "succeeded"],
  ["null", "null", "succeeded"],
  ["an empty string", '""', "succeeded"],
  ["an empty object", "{}", "succeeded"],
  ["an empty array", "[]", "succeeded"],
  ["an empty list", failures(), "succeeded"],
  ["a null list", '{"batchItemFailures":null}', "succeeded"],
  ["a list under another key", '{"BatchItemFailures":[{"ItemIdentifier":"a"}]}', "succeeded"],
  ["a stub", '{"statusCode":"500","body":"sst dev is not running"}', "succeeded"],
  ["a bare string", '"ok"', "succeeded"],
  ["one of the batch", failures({ itemIdentifier: "a" }), "partial"],
  ["one of the batch twice", failures({ itemIdentifier: "a" }, { itemIdentifier: "a" }), "partial"],
  ["text that is not JSON", "batchItemFailures", "failed"],
  ["cut JSON", '{"batchItemFailures":[', "failed"],
  ["another key of an item", failures({ identifier: "a" }), "failed"],
  ["a list that is none", '{"batchItemFailures":"a"}', "failed"],
  ["an item that is no object", failures("a"), "failed"],
  ["an empty id", failures({ itemIdentifier: "" }), "failed"],
  ["a null id", failures({ itemIdentifier: null }), "failed"],
  ["a known and an unknown id", failures({ itemIdentifier: "a" }, { itemIdentifier: "x" }), "failed"],
])("an answer of %s: %s", (_what, payload, kind) => {
  expect(readPartialResponse(payload, new Set(["a", "b"])).kind).toBe(kind);
});

test("a partial failure names the messages that failed", () => {
  expect(readPartialResponse(failures({ itemIdentifier: "b" }), new Set(["a", "b"]))).toEqual({
    kind: "partial",
    failedIds: new Set(["b"]),
  });
});
