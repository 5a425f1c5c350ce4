import fc from "fast-check";
import { expect, test } from "vitest";
import { isBefore, isUnreadable, LEASE_BYTES, makeLeases, parseLease, substituteFor } from "./lease.ts";

const NOW_MS = 1_764_292_640_123;
const END_MS = NOW_MS + 60_000;

test("leases are read as they were made, whatever their holder's name", () => {
  const leases = ["holder", "a@1-2", "-@"].flatMap((holderId) => makeLeases(holderId, 2, 10, 20));
  expect(leases.map(({ text }) => parseLease(text))).toEqual(leases);
});

test.each(["", "holder", "holder@", "holder@1-", "@1-2", "holder@x-2", "holder@1-x", "holder@1-0"])(
  "%j is a lease that never ends, and whose substitute does",
  (text) => {
    const lease = parseLease(text);
    expect(lease).toEqual({ text, rank: 0, expiresAtMs: Infinity });
    expect(isUnreadable(lease)).toBe(true);
    const substitute = substituteFor(lease, 1_000);
    expect(parseLease(substitute.text)).toEqual(substitute);
    expect(substitute.expiresAtMs).toBe(1_000 + 902_000);
  },
);

test("leases of UUIDs that differ in one of their last digits are short, never the same, and read as `holder@instant-end`", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 1, max: 12 }), fc.constantFrom("", "!"), (one, nth, mark) => {
      const digit = one.at(-nth) === "0" ? "1" : "0";
      const other = one.slice(0, one.length - nth) + digit + one.slice(one.length - nth + 1);
      const texts = [one, other].flatMap((id) =>
        makeLeases(`${mark}${id}`, 10, NOW_MS, END_MS).map(({ text }) => text),
      );
      expect(new Set(texts).size).toBe(20);
      for (const text of texts) {
        expect(text.length).toBeLessThanOrEqual(LEASE_BYTES);
        expect(text).toMatch(/^!?[A-Za-z0-9+/]{8}\.\d@\d{1,4}-1764292700123$/);
        expect(text.startsWith("!")).toBe(mark === "!");
      }
    }),
  );
});

test("a lease that an earlier version has written ends when it says, and ranks behind those of this one", () => {
  const earlier = parseLease(`0191f9c4-7d3e-4c5f-9a55-2f1e63b1d0aa.0@${NOW_MS}-${END_MS}`);
  const [lease] = makeLeases("0191f9c4-7d3e-4c5f-9a55-2f1e63b1d0ab", 1, NOW_MS + 5_000, END_MS);
  expect(earlier.expiresAtMs).toBe(END_MS);
  expect(lease && [isBefore(lease, earlier), isBefore(earlier, lease)]).toEqual([true, false]);
});
