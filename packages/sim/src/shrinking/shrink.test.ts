import fc from "fast-check";
import { expect, test } from "vitest";
import { type Change, shrink } from "./shrink.ts";
import { without } from "./without.ts";

type Numbers = readonly number[];

const fewer: Change<Numbers> = without;
function* halves(numbers: Numbers): Generator<Numbers> {
  for (const [at, one] of numbers.entries()) if (one > 0) yield numbers.with(at, Math.floor(one / 2));
}
const CHANGES = [halves, fewer];

test("ends with something bad of which nothing smaller is, whatever is bad", async () => {
  const isProperty = async (numbers: Numbers, isBadOf: (numbers: Numbers) => boolean) => {
    const isBad = (candidate: Numbers) => candidate === numbers || isBadOf(candidate);
    const isStillBad = async (candidate: Numbers) => isBad(candidate);
    const { smallest, isFixedPoint } = await shrink(numbers, {
      changes: CHANGES,
      isStillBad,
      triesMax: 10_000,
    });
    expect(isBad(smallest)).toBe(true);
    expect(isFixedPoint).toBe(true);
    expect(CHANGES.flatMap((change) => [...change(smallest)]).filter(isBad)).toEqual([]);
  };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1_000), { maxLength: 8 }), fc.func(fc.boolean()), isProperty),
  );
});

test("leaves what is needed, found by several changes in turn", async () => {
  const isStillBad = async (numbers: Numbers) => numbers.some((one) => one >= 30) && numbers.length >= 2;
  const { smallest } = await shrink([5, 1_000, 7, 9], { changes: CHANGES, isStillBad, triesMax: 1_000 });
  expect(smallest).toEqual([0, 31]);
});

test("tries no more often than it may, and says that it was cut short", async () => {
  const isStillBad = async () => true;
  const cut = await shrink([1_000], { changes: CHANGES, isStillBad, triesMax: 3 });
  expect(cut).toEqual({ smallest: [125], isFixedPoint: false, tries: 3 });
});

test("keeps the smallest so far when it is interrupted", async () => {
  const interrupt = new AbortController();
  const isStillBad = async (numbers: Numbers) => {
    if (Number(numbers[0]) <= 250) interrupt.abort();
    return true;
  };
  const { signal } = interrupt;
  const cut = await shrink([1_000], { changes: CHANGES, isStillBad, triesMax: 100, signal });
  expect(cut).toEqual({ smallest: [250], isFixedPoint: false, tries: 2 });
});
