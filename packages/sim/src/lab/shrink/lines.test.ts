import { describe, expect, test } from "vitest";
import type { TimeLine } from "../../provider-simulator/time-line.ts";
import { calmerLines, lineOf, roundedDown, withoutSpan, withRounderMinutes } from "./lines.ts";

const LINE: TimeLine = [
  [0, 5],
  [2, 0],
  [4, 5],
  [8, 1],
];

test("of two steps at one minute the later one counts, and one that changes nothing is none", () => {
  const steps = [
    [0, 5],
    [0, 4],
    [1, 4],
    [2, 3],
  ] as const;
  expect(lineOf(steps)).toEqual([
    [0, 4],
    [2, 3],
  ]);
});

describe("without a span of time", () => {
  test("what follows moves up", () => {
    expect(withoutSpan(LINE, 1, 3)).toEqual([
      [0, 5],
      [1, 0],
      [2, 5],
      [6, 1],
    ]);
  });

  test("a level that lies within it is gone", () => {
    expect(withoutSpan(LINE, 2, 4)).toEqual([
      [0, 5],
      [6, 1],
    ]);
  });

  test("the beginning is as the weather is then", () => {
    expect(withoutSpan(LINE, 0, 3)).toEqual([
      [0, 0],
      [1, 5],
      [5, 1],
    ]);
  });
});

test("calmer lines have fewer steps, and begin at minute 0", () => {
  const calmer = [...calmerLines(LINE, 5)];
  expect(calmer[0]).toEqual([[0, 5]]);
  for (const line of calmer) {
    expect(line.length).toBeLessThan(LINE.length);
    expect(line[0][0]).toBe(0);
  }
  expect([...calmerLines([[0, 5]], 5)]).toEqual([]);
  expect([...calmerLines([[0, 1]], 5)]).toEqual([[[0, 5]]]);
});

test("minutes are rounded down, and a level that is over by then is gone", () => {
  const line: TimeLine = [
    [0, 5],
    [1.26, 0],
    [1.89, 4],
  ];
  expect(withRounderMinutes(line, 1)).toEqual([
    [0, 5],
    [1.2, 0],
    [1.8, 4],
  ]);
  expect(withRounderMinutes(line, 0)).toEqual([
    [0, 5],
    [1, 4],
  ]);
  expect([0.05, 0.1, 0.99, 7].map((value) => roundedDown(value, 1))).toEqual([0, 0.1, 0.9, 7]);
});
