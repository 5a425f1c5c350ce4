import { expect, it } from "vitest";
import { outagesOf } from "./outages.ts";

it("finds the times without capacity in a time line", () => {
  expect(outagesOf([[0, 4]])).toEqual([]);
  expect(
    outagesOf([
      [0, 0],
      [2, 4],
      [5, 0],
      [6, 0],
      [7, 1],
      [9, 0],
    ]),
  ).toEqual([
    { fromMs: 0, untilMs: 120_000 },
    { fromMs: 300_000, untilMs: 420_000 },
    { fromMs: 540_000, untilMs: Number.POSITIVE_INFINITY },
  ]);
});
