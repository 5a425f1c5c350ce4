import * as z from "zod";
import type { Bench } from "./bench.ts";

const ASKED = 8;

const answerSchema = z.object({ nowMs: z.number() });

/** A reading of a function's clock beside this machine's. */
export interface ClockReading {
  /** The function's clock less this machine's. */
  readonly offsetMs: number;
  /** The offset may be wrong by this much either way. */
  readonly withinMs: number;
}

/** Reads the recorder's clock once. @throws CallFailed */
export async function readClock({ account, clock, names }: Bench): Promise<ClockReading> {
  const askedAtMs = clock.nowMs();
  const answer = await account.functions.invoke(names.recorder, { holdMs: 0 });
  const answeredAtMs = clock.nowMs();
  const { nowMs } = answerSchema.parse(answer);
  const withinMs = (answeredAtMs - askedAtMs) / 2;
  return { offsetMs: nowMs - askedAtMs - withinMs, withinMs };
}

/** The best of some readings, so that the recorder's times can be told by this machine's clock. @throws CallFailed */
export async function clockOffset(bench: Bench): Promise<ClockReading> {
  const readings: ClockReading[] = [];
  for (let at = 0; at < ASKED; at += 1) readings.push(await readClock(bench));
  return readings.reduce((best, one) => (one.withinMs < best.withinMs ? one : best));
}
