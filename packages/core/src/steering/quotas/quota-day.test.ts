import fc from "fast-check";
import { expect, test } from "vitest";
import { providerDay } from "../../provider/day.ts";
import { quotaDayAt } from "./quota-day.ts";

const HOUR_MS = 3_600_000;

function dayAt(timeZone: string, resetsAt: string, at: string) {
  const { name, startsAtMs, endsAtMs } = quotaDayAt(timeZone, { resetsAt }, Date.parse(at));
  return { name, from: new Date(startsAtMs).toISOString(), hours: (endsAtMs - startsAtMs) / HOUR_MS };
}

test.each([
  ["UTC", "00:00", "2026-01-05T12:00Z", "2026-01-05", "2026-01-05T00:00:00.000Z", 24],
  ["UTC", "09:00", "2026-01-05T08:59:59Z", "2026-01-04", "2026-01-04T09:00:00.000Z", 24],
  ["UTC", "09:00", "2026-01-05T09:00Z", "2026-01-05", "2026-01-05T09:00:00.000Z", 24],
  ["Asia/Kolkata", "00:00", "2026-01-05T18:30Z", "2026-01-06", "2026-01-05T18:30:00.000Z", 24],
  // The clocks are put forward from 02:00 to 03:00, and back from 03:00 to 02:00.
  ["Europe/Zurich", "00:00", "2026-03-29T12:00Z", "2026-03-29", "2026-03-28T23:00:00.000Z", 23],
  ["Europe/Zurich", "00:00", "2026-10-25T12:00Z", "2026-10-25", "2026-10-24T22:00:00.000Z", 25],
  ["Europe/Zurich", "02:30", "2026-03-29T12:00Z", "2026-03-29", "2026-03-29T01:00:00.000Z", 23.5],
  ["Europe/Zurich", "02:30", "2026-10-25T12:00Z", "2026-10-25", "2026-10-25T00:30:00.000Z", 25],
  // Half an hour of summer time.
  ["Australia/Lord_Howe", "00:00", "2026-04-05T10:00Z", "2026-04-05", "2026-04-04T13:00:00.000Z", 24.5],
])("in %s with a reset at %s, %s is in the day of %s", (timeZone, resetsAt, at, name, from, hours) => {
  expect(dayAt(timeZone, resetsAt, at)).toEqual({ name, from, hours });
});

test("each instant lies in the day that is told for it, and with a reset at midnight that is the provider day", () => {
  const zones = ["UTC", "Europe/Zurich", "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe"];
  const resets = ["00:00", "00:15", "02:30", "09:00", "23:45"];
  const anyMs = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) });
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.constantFrom(...resets), anyMs, (timeZone, resetsAt, atMs) => {
      const day = quotaDayAt(timeZone, { resetsAt }, atMs);
      expect(day.startsAtMs).toBeLessThanOrEqual(atMs);
      expect(day.endsAtMs).toBeGreaterThan(atMs);
      expect(quotaDayAt(timeZone, { resetsAt }, day.endsAtMs).startsAtMs).toBe(day.endsAtMs);
      if (resetsAt === "00:00") expect(day.name).toBe(providerDay(timeZone, atMs));
    }),
  );
});
