import { createFakeClock } from "@sluice/testing/fake-clock";
import { expect, test } from "vitest";
import { REOPENING_SPREAD_MS, type ShutGate, untilReopenedMs } from "./reopening.ts";

const NOW_MS = 1_000_000;
const MINUTE_MS = 60_000;
const deps = { clock: createFakeClock(NOW_MS), random: { next: () => 0.5 } };
const SOON_MS = REOPENING_SPREAD_MS / 2;

test.each<[what: string, gate: Omit<ShutGate, "kind">, waitMs: number]>([
  ["a hold ends", { reason: "held", reopensAtMs: NOW_MS + MINUTE_MS }, MINUTE_MS + SOON_MS],
  ["the gate opens, if a hold has just ended", { reason: "held", reopensAtMs: NOW_MS - 1 }, SOON_MS],
  [
    "two minutes at most, where an operator may end it",
    { reason: "held", reopensAtMs: NOW_MS + 60 * MINUTE_MS, mayOpenSooner: true },
    2 * MINUTE_MS + SOON_MS,
  ],
  ["the next probe is due", { reason: "tripped", reopensAtMs: NOW_MS + MINUTE_MS }, MINUTE_MS + SOON_MS],
  ["a probe that was due is answered", { reason: "tripped", reopensAtMs: NOW_MS - 1 }, 22_500],
  ["the probe under way is answered", { reason: "probing" }, 22_500],
])("what a shut gate keeps back waits until %s", (_, gate, waitMs) => {
  expect(untilReopenedMs({ kind: "shut", ...gate }, deps)).toBe(waitMs);
});
