import { expect, test } from "vitest";
import { isToBlame, voteOf } from "./vote.ts";

test.each([
  ["that never failed", {}, 9_000, "provider"],
  ["that never failed, whatever its attempt", { attempt: 3 }, 9_000, "provider"],
  ["that fails again, with no success since", { attempt: 2, firstFaultAtMs: 5_000 }, 4_999, "provider"],
  ["that fails again, with a success since", { attempt: 2, firstFaultAtMs: 5_000 }, 5_000, "record"],
  ["that has voted twice", { attempt: 3, firstFaultAtMs: 5_000 }, 4_999, "record"],
])("a record %s: of whom its outcome speaks", (_, result, lastOkAtMs, vote) => {
  expect(voteOf(result, lastOkAtMs)).toBe(vote);
});

test.each([
  [undefined, 9_000, false],
  [5_000, 4_999, false],
  [5_000, 5_000, true],
])("first fault at %s, last success at %i: to blame is %s", (firstFaultAtMs, lastOkAtMs, expected) => {
  expect(isToBlame(firstFaultAtMs, lastOkAtMs)).toBe(expected);
});
