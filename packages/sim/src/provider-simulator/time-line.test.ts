import { expect, test } from "vitest";
import { lastRiseFromZeroMinute, type TimeLine, valueAt } from "./time-line.ts";

const line: TimeLine = [
  [0, 20],
  [30, 0],
  [54, 10],
  [60, 20],
];

test.each([
  [0, 20],
  [29.999, 20],
  [30, 0],
  [53, 0],
  [54, 10],
  [1_000, 20],
])("at minute %d the value is %d", (minute, value) => {
  expect(valueAt(line, minute)).toBe(value);
});

test("a rise counts only from 0 and only once it has come", () => {
  expect(lastRiseFromZeroMinute(line, 53)).toBe(Number.NEGATIVE_INFINITY);
  expect(lastRiseFromZeroMinute(line, 54)).toBe(54);
  expect(lastRiseFromZeroMinute(line, 70)).toBe(54);
});
