import { expect, test } from "vitest";
import { type DayUse, forecastOf } from "./forecast.ts";

const HOUR_MS = 3_600_000;
const USE: DayUse = {
  requests: 1_000,
  usedCount: 400,
  startsPerMinute: 10,
  queuedCount: 5_000,
  nowMs: 0,
  resetsAtMs: 10 * HOUR_MS,
};

test.each<[string, Partial<DayUse>, ReturnType<typeof forecastOf>]>([
  ["is used up within the day", {}, { usedUpAtMs: HOUR_MS, waitingCount: 4_400 }],
  ["lasts for all that is queued", { queuedCount: 600 }, { waitingCount: 0 }],
  ["is used up already", { usedCount: 1_000 }, { usedUpAtMs: 0, waitingCount: 5_000 }],
  ["lasts until the reset at so slow a rate", { startsPerMinute: 0.5 }, { waitingCount: 0 }],
  ["lasts while nothing is started", { startsPerMinute: 0 }, { waitingCount: 0 }],
])("a day's quota %s", (_, changes, expected) => {
  expect(forecastOf({ ...USE, ...changes })).toEqual(expected);
});
