import { expect, test } from "vitest";
import { quantileOf } from "./quantile.ts";

test.each([
  [[], 0.5, undefined],
  [[7], 0.05, 7],
  [[3, 1], 0.5, 2],
  [[10, 0, 20], 0.75, 15],
  [[1, 2, 3, 4], 0, 1],
  [[1, 2, 3, 4], 1, 4],
  [[1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.9, Number.POSITIVE_INFINITY],
])("of %j at %d: %d", (values, share, expected) => {
  expect(quantileOf(values, share)).toBe(expected);
});
