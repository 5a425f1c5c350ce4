import { expect, test } from "vitest";
import type { AccessWindows } from "../../provider/windows/access-windows.ts";
import { longestClosureMs } from "./longest-closure.ts";

const HOUR_MS = 60 * 60_000;
const NIGHT = { from: "01:00", to: "05:00" };

test.each<[string, AccessWindows | undefined, number]>([
  ["no windows", undefined, 0],
  ["four hours a night", { open: [{ days: ["mon-sun"], ...NIGHT }] }, 20],
  ["never at night", { closed: [{ days: ["mon-sun"], ...NIGHT }] }, 4],
  ["offices", { open: [{ days: ["mon-fri"], from: "08:00", to: "18:00" }] }, 62],
  ["weekends", { closed: [{ days: ["sat-sun"] }] }, 48],
  ["a holiday", { closed: [{ dates: ["2026-01-06"] }] }, 0],
  ["nights and a holiday", { closed: [{ days: ["mon-sun"], ...NIGHT }, { dates: ["2026-01-06"] }] }, 4],
  ["one day only", { open: [{ dates: ["2026-01-06"] }] }, 0],
])("of %s", (_, windows, hours) => {
  const provider = { timeZone: "Europe/Berlin", ...(windows && { windows }) };
  expect(longestClosureMs(provider)).toBe(hours * HOUR_MS);
});
