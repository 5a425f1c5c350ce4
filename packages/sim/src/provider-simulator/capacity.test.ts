import { expect, test } from "vitest";
import { createCapacity } from "./capacity.ts";
import type { TimeLine } from "./time-line.ts";

const outageUntil23: TimeLine = [
  [0, 10],
  [5, 0],
  [23, 10],
];

test("follows the time line, whatever is started", () => {
  const capacity = createCapacity({ capacity: outageUntil23, fragile: null });
  expect(capacity.afterStart(4, 99)).toBe(10);
  expect(capacity.at(5)).toBe(0);
  expect(capacity.afterStart(23, 99)).toBe(10);
  expect(capacity.at(23)).toBe(10);
});

test("a fragile provider grows from 1 to its full capacity", () => {
  const capacity = createFragile();
  expect([0, 22, 23, 23.9, 24, 28.5, 32, 60].map(capacity.at)).toEqual([10, 0, 1, 1, 2, 6, 10, 10]);
});

test("a start beyond what it has grown to takes it down again, and it begins anew", () => {
  const capacity = createFragile();
  expect(capacity.afterStart(25, 3)).toBe(3);
  expect(capacity.afterStart(25, 4)).toBe(0);
  expect([25, 29.9, 30, 31, 39].map(capacity.at)).toEqual([0, 0, 1, 2, 10]);
});

test("a relapse may follow a relapse", () => {
  const capacity = createFragile();
  expect(capacity.afterStart(23, 2)).toBe(0);
  expect(capacity.afterStart(28, 2)).toBe(0);
  expect([32.9, 33, 34].map(capacity.at)).toEqual([0, 1, 2]);
});

test("too much for a provider that has recovered, or never was down, is no relapse", () => {
  const capacity = createFragile();
  expect(capacity.afterStart(1, 99)).toBe(10);
  expect(capacity.afterStart(40, 99)).toBe(10);
  expect(capacity.at(40)).toBe(10);
});

function createFragile() {
  return createCapacity({ capacity: outageUntil23, fragile: { downMinutes: 5, rampPerMinute: 1 } });
}
