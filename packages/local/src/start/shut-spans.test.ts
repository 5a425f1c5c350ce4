import { expect, test } from "vitest";
import { shutSpansOf } from "./shut-spans.ts";

const NOON_MS = Date.parse("2026-11-18T12:00:00Z");
const MINUTE_MS = 60_000;
const LUNCH = { timeZone: "UTC", windows: { closed: [{ days: ["mon-sun"], from: "12:01", to: "12:02" }] } };

test("closings and holds count from the start of the run", () => {
  const hold = { by: "anna", fromMs: NOON_MS + 10_000, untilMs: NOON_MS + 30_000 };
  expect(shutSpansOf(LUNCH, [hold], NOON_MS, NOON_MS + 5 * MINUTE_MS)).toEqual([
    { kind: "window", name: "closed", fromMs: MINUTE_MS, untilMs: 2 * MINUTE_MS },
    { kind: "hold", name: "held by anna", fromMs: 10_000, untilMs: 30_000 },
  ]);
});

test("what begins before the run or ends after it is cut, what lies outside is left out", () => {
  const holds = [
    { by: "anna", fromMs: NOON_MS - 10_000, untilMs: NOON_MS + 80_000 },
    { by: "ben", fromMs: NOON_MS + 100_000, untilMs: NOON_MS + 110_000 },
  ];
  const spans = shutSpansOf(LUNCH, holds, NOON_MS, NOON_MS + 90_000);
  expect(spans).toMatchObject([
    { kind: "window", fromMs: MINUTE_MS, untilMs: 90_000 },
    { kind: "hold", fromMs: 0, untilMs: 80_000 },
  ]);
});

test("a provider without windows never closes", () => {
  expect(shutSpansOf({ timeZone: "UTC" }, [], NOON_MS, NOON_MS + MINUTE_MS)).toEqual([]);
});
