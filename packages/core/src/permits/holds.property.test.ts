import fc from "fast-check";
import { expect, test } from "vitest";
import { freeFromMs, type Hold, holdsAt } from "./holds.ts";

const instant = fc.integer({ min: 0, max: 30 });
const hold: fc.Arbitrary<Hold> = fc.record({
  kind: fc.constantFrom("order", "retry-after"),
  fromMs: fc.oneof(instant, fc.constant(Number.NEGATIVE_INFINITY)),
  untilMs: instant,
});

test("the first free instant is free, and each instant before it is held", () => {
  fc.assert(
    fc.property(fc.array(hold, { maxLength: 6 }), instant, (holds, atMs) => {
      const freeMs = freeFromMs(holds, atMs);
      expect(holdsAt(holds, freeMs)).toEqual([]);
      for (let ms = atMs; ms < freeMs; ms += 1) expect(holdsAt(holds, ms)).not.toEqual([]);
    }),
  );
});
