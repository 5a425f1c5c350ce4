import { expect, test } from "vitest";
import { badnessOf, smallerJudge } from "./badness.ts";

const LOW = { goodput: 0.5, stuck: false, idealBusyMinutes: 30, idealCount: 1_000 };
const STUCK = { ...LOW, stuck: true };
const WELL = { ...LOW, goodput: 0.75 };
const BELOW = 0.75;

test("bad is what is stuck, and a goodput below the bound", () => {
  expect([STUCK, LOW, WELL].map((one) => badnessOf(one, BELOW))).toEqual(["stuck", "low", undefined]);
  expect(badnessOf({ ...LOW, goodput: undefined }, BELOW)).toBeUndefined();
});

test("a smaller one is bad in the same way", () => {
  const isStillLow = smallerJudge(LOW, BELOW);
  expect([LOW, STUCK, WELL].map(isStillLow)).toEqual([true, true, false]);
  expect(isStillLow({ ...LOW, goodput: undefined })).toBe(false);
  const isStillStuck = smallerJudge(STUCK, BELOW);
  expect([LOW, STUCK, { ...STUCK, goodput: 0.9 }].map(isStillStuck)).toEqual([false, true, true]);
  expect(smallerJudge(WELL, BELOW)(LOW)).toBe(false);
});

test("there is enough to do in it, or as much as in the drawn one", () => {
  const isStillLow = smallerJudge(LOW, BELOW);
  expect(isStillLow({ ...LOW, idealBusyMinutes: 10, idealCount: 20 })).toBe(true);
  expect(isStillLow({ ...LOW, idealBusyMinutes: 9 })).toBe(false);
  expect(isStillLow({ ...LOW, idealCount: 19 })).toBe(false);
  const tiny = { ...LOW, idealBusyMinutes: 2, idealCount: 3 };
  expect(smallerJudge(tiny, BELOW)(tiny)).toBe(true);
  expect(smallerJudge(tiny, BELOW)({ ...tiny, idealCount: 2 })).toBe(false);
});
