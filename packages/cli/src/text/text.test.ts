import { FOR_EVER_MS } from "@sluice/core/operator";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clockText, endText, parseInstant } from "./instant.ts";
import { printable } from "./printable.ts";
import { parseSpan, spanText } from "./span.ts";

const NOON_MS = Date.parse("2026-11-18T12:00:00Z");
const ZURICH = "Europe/Zurich";

test.each([
  [0, "0 s"],
  [499, "0 s"],
  [1_000, "1 s"],
  [61_000, "1 min 1 s"],
  [3_600_000, "1 h"],
  [2 * 3_600_000 + 59_000, "2 h"],
  [90_000_000, "1 d 1 h"],
  [-5, "0 s"],
])("a time of %i ms is %s", (durationMs, text) => {
  expect(spanText(durationMs)).toBe(text);
});

test.each([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["30 min", 1_800_000],
  ["1h30m", 5_400_000],
  ["2d", 172_800_000],
  ["0.5h", 1_800_000],
  ["", undefined],
  ["5", undefined],
  ["1h ago", undefined],
  ["-1h", undefined],
])("%j is a time of %s ms", (text, durationMs) => {
  expect(parseSpan(text)).toBe(durationMs);
});

describe("an instant", () => {
  test("of today is a time of day, another has its date", () => {
    expect(clockText(NOON_MS, NOON_MS, ZURICH)).toBe("13:00");
    expect(clockText(NOON_MS, NOON_MS, "America/New_York")).toBe("07:00");
    expect(clockText(NOON_MS + 12 * 3_600_000, NOON_MS, ZURICH)).toBe("2026-11-19 01:00");
    expect(endText(NOON_MS + 65_000, NOON_MS, ZURICH)).toBe("13:01 (in 1 min 5 s)");
    expect(endText(NOON_MS - 65_000, NOON_MS, ZURICH)).toBe("12:58 (1 min 5 s ago)");
    expect(endText(FOR_EVER_MS, NOON_MS, ZURICH)).toBe("without an end");
  });

  test("is read as it is written, in any zone, across changes of clocks", () => {
    const zone = fc.constantFrom(ZURICH, "America/New_York", "Asia/Kathmandu", "UTC");
    const minute = fc
      .integer({ min: 0, max: 2 * 366 * 24 * 60 })
      .map((count) => Date.parse("2026-01-01T00:00Z") + count * 60_000);
    fc.assert(
      fc.property(zone, minute, (timeZone, atMs) => {
        const written = clockText(atMs, 0, timeZone);
        const read = parseInstant(written, NOON_MS, timeZone) ?? Number.NaN;
        // An hour that comes twice has two instants of the same name.
        expect(clockText(read, 0, timeZone)).toBe(written);
        expect(Math.abs(read - atMs)).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });

  test("as a time of day is the next one, never one that is past", () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
    fc.assert(
      fc.property(time, ([hour, minute]) => {
        const text = `${hour}:${String(minute).padStart(2, "0")}`;
        const atMs = parseInstant(text, NOON_MS, ZURICH) ?? 0;
        expect(atMs).toBeGreaterThan(NOON_MS);
        expect(atMs).toBeLessThanOrEqual(NOON_MS + 24 * 3_600_000);
      }),
    );
  });

  test.each(["", "noon", "24:00", "12:60", "2026-13-01 12:00", "2026-11-21"])("%j is none", (text) => {
    expect(parseInstant(text, NOON_MS, ZURICH)).toBeUndefined();
  });
});

test("text from elsewhere has nothing in it that a terminal obeys", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
  expect(printable("Zürich 🦊")).toBe("Zürich 🦊");
});
