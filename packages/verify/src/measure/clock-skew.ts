import type { Bench } from "../bench/bench.ts";
import { type ClockReading, readClock } from "../bench/clock-offset.ts";
import { freeConcurrency } from "../bench/free-concurrency.ts";
import { type Finding, found, type Measurement } from "./measurement.ts";

/** As permits and leases reckon with. */
const SKEW_MAX_MS = 2_000;
/** Calls at once: as many environments, if none has ended before the last one began. */
const CALLS = 20;
const ROUNDS = 5;
/** A call that was under way for longer tells too little of a clock. */
const TELLING_WITHIN_MS = 500;

/** The clocks of several execution environments, beside one another. */
export const clockSkew: Measurement = {
  id: "clock-skew",
  rows: ["clock-skew"],
  title: "asks many environments of a function for the time",
  needs: ["mapping"],
  duration: () => ({ typicalMinutes: 0.3, mostMinutes: 2 }),
  messagesMax: () => CALLS * ROUNDS,
  run: async (bench) => ({ findings: [await compareClocks(bench)] }),
};

async function compareClocks(bench: Bench): Promise<Finding> {
  const about = {
    row: "clock-skew",
    what: "the difference of the clocks of two environments",
    assumed: `${SKEW_MAX_MS} ms at most`,
  };
  // The mapping brings the recorder with it.
  await bench.mapping();
  const length = Math.min(CALLS, await freeConcurrency(bench));
  const readings: ClockReading[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await bench.pause(0);
    readings.push(...(await Promise.all(Array.from({ length }, () => readClock(bench)))));
  }
  const telling = readings.filter(({ withinMs }) => withinMs <= TELLING_WITHIN_MS);
  if (telling.length < 2)
    return { ...about, outcome: { kind: "not-measured", why: "no call was answered quickly enough" } };
  const { leastMs, mostMs } = skewOf(telling);
  const between = `between ${Math.round(leastMs)} and ${Math.round(mostMs)} ms`;
  return found(about, leastMs <= SKEW_MAX_MS, `${between}, by ${telling.length} calls`);
}

/** The difference that there is for sure, and the one that there may be: a call's time is unknown by its duration. */
function skewOf(readings: readonly ClockReading[]): { readonly leastMs: number; readonly mostMs: number } {
  const early = readings.map(({ offsetMs, withinMs }) => offsetMs - withinMs);
  const late = readings.map(({ offsetMs, withinMs }) => offsetMs + withinMs);
  const leastMs = Math.max(0, Math.max(...early) - Math.min(...late));
  return { leastMs, mostMs: Math.max(...late) - Math.min(...early) };
}
