import { expect, test } from "vitest";
import { isUnreadable, makeLeases, parseLease, substituteFor } from "./lease.ts";

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
