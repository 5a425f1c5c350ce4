import { expect, test } from "vitest";
import {
  type AccessView,
  accessText,
  isShutByPlan,
  type QuotaView,
  quotaText,
  reasonsText,
  type ShutReason,
  type SteeringView,
} from "./steering-view.ts";

const NOON_MS = Date.parse("2026-11-18T12:00:00Z");
const MINUTE_MS = 60_000;
const VIEW: SteeringView = { nowMs: NOON_MS, timeZone: "Europe/Zurich", quotas: [], reasons: [] };
const inMs = (durationMs: number) => ({ untilMs: NOON_MS + durationMs });

test.each<[AccessView, string]>([
  [{ isOpen: true, mayStart: true, ...inMs(41_000) }, "open until 13:00:41, 00:41 left"],
  [
    { isOpen: true, mayStart: false, ...inMs(5_000) },
    "open, but nothing may start any more, until 13:00:05, 00:05 left",
  ],
  [
    { isOpen: false, mayStart: false, ...inMs(7.5 * 60 * MINUTE_MS) },
    "closed until 20:30:00, 7 h 30 min left",
  ],
  [{ isOpen: false, mayStart: false, ...inMs(64 * 60 * MINUTE_MS) }, "closed until Sat 05:00:00, 2 d left"],
  [{ isOpen: true, mayStart: true }, "always open from now on"],
  [{ isOpen: false, mayStart: false }, "closed for good"],
])("access %j: %s", (access, text) => {
  expect(accessText(access, VIEW)).toBe(text);
});

test.each<[QuotaView, string]>([
  [{ per: "minute", requests: 300, usedCount: 0 }, "0 of 300 a minute"],
  [{ per: "hour", requests: 3_000, usedCount: 1_999 }, "1,999 of 3,000 an hour"],
  [
    { per: "day", requests: 9, usedCount: 9, resetsAtMs: NOON_MS + 17 * 60 * MINUTE_MS },
    "9 of 9 a day, resets at 06:00",
  ],
])("quota %j: %s", (quota, text) => {
  expect(quotaText(quota, VIEW)).toBe(text);
});

const HELD: ShutReason = { name: "operator anna", isPlanned: true, ...inMs(20_000) };
const TRIPPED: ShutReason = { name: "the tripped breaker, no probe", isPlanned: false, ...inMs(3_000) };
const PROBE: ShutReason = { name: "a probe under way", isPlanned: false };

test("reasons are told with their ends, the one that ends last first", () => {
  expect(reasonsText({ ...VIEW, reasons: [PROBE, TRIPPED, HELD] })).toBe(
    "operator anna until 13:00:20, 00:20 left; the tripped breaker, no probe until 13:00:03, 00:03 left; a probe under way",
  );
  expect(reasonsText(VIEW)).toBe("nothing");
});

test("only contract and operators stop a run by plan", () => {
  expect(isShutByPlan({ ...VIEW, reasons: [PROBE, TRIPPED] })).toBe(false);
  expect(isShutByPlan({ ...VIEW, reasons: [TRIPPED, HELD] })).toBe(true);
});
