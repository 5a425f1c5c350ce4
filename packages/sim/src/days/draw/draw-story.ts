import { lotsFor } from "../../provider-simulator/lots.ts";
import type { Story } from "../story.ts";
import { drawContract } from "./draw-contract.ts";
import { drawFaults, drawWrongAddress } from "./draw-faults.ts";
import { drawLoad } from "./draw-load.ts";
import { drawOrders } from "./draw-orders.ts";
import { drawQuotas } from "./draw-quotas.ts";
import { drawNature, drawWeather } from "./draw-weather.ts";
import { drawClosing, loadMeeting, windowsWith } from "./draw-windows.ts";

/** Calls of a day, at the contract's concurrency and pace, take at most this long: the day would not end else. */
const BUSY_MINUTES_MAX = 60;

/** Starts of days: any day, shortly before midnight UTC, and before the clocks change in Europe and in New York. */
const STARTS = [
  "2026-01-05T00:00:00Z",
  "2026-01-05T22:45:00Z",
  "2026-03-28T23:30:00Z",
  "2026-10-24T23:30:00Z",
  "2026-03-08T05:30:00Z",
  "2026-11-01T04:30:00Z",
  "2026-06-15T12:00:00Z",
] as const;

/** Draws the whole day of a seed. */
export function drawStory(seed: number): Story {
  const lots = lotsFor(seed, "day");
  const asUsual = drawContract(lotsFor(seed, "contract"));
  const minutes = lots.chance(0.12) ? lots.logBetween(120, 1_800) : lots.logBetween(5, 150);
  const callsAMinute = (60_000 * asUsual.maxConcurrency) / Math.max(50, asUsual.latency.medianMs);
  const load = drawLoad(Math.floor(BUSY_MINUTES_MAX * callsAMinute), minutes, lotsFor(seed, "load"));
  const recordCount = load.reduce((sum, { count }) => sum + count, 0);
  const quotas = drawQuotas(asUsual, recordCount, lotsFor(seed, "quotas"));
  const times = { minutes, busyMinutes: Math.min(minutes, Math.max(0.3, recordCount / callsAMinute)) };
  const startsAt = lots.pick(STARTS);
  const { timeZone = "UTC", maxConcurrency } = asUsual;
  const closing = drawClosing(times, lotsFor(seed, "windows"));
  const windows = closing === undefined ? {} : windowsWith(closing, timeZone, startsAt);
  const contract = { ...asUsual, ...quotas, ...windows };
  return {
    seed,
    startsAt,
    contract,
    nature: drawNature(lotsFor(seed, "nature")),
    weather: drawWeather(maxConcurrency, times, lotsFor(seed, "weather")),
    load:
      closing === undefined
        ? load
        : loadMeeting(closing, load, asUsual, times.busyMinutes, lotsFor(seed, "closing")),
    faults: [
      ...drawFaults(contract, times, lotsFor(seed, "faults")),
      ...drawWrongAddress(times, lotsFor(seed, "wrong-address")),
      ...drawOrders(contract, times, lotsFor(seed, "operators")),
    ],
    skewMs: lots.pick([0, 0, 200, 2_000]),
  };
}
