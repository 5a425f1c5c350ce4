import { expect, test } from "vitest";
import { createSeededRandom } from "./seeded-random.ts";

test("the stream of a seed is the published algorithm's", () => {
  const random = createSeededRandom(1);
  // Printed by the original C code, started with state 1.
  expect([random.next(), random.next(), random.next()]).toEqual(
    [2693262067, 11749833, 2265367787].map((bits) => bits / 2 ** 32),
  );
});

test("is spread evenly over [0, 1)", () => {
  const random = createSeededRandom(7);
  const tenths = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 100_000; draw += 1) {
    const tenth = Math.floor(random.next() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  expect(tenths).toHaveLength(10);
  for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});
