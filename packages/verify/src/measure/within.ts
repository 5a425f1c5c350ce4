import type { Bench } from "../bench/bench.ts";
import { OutOfTime } from "../out-of-time.ts";
import type { Duration, Measurement } from "./measurement.ts";

const MINUTE_MS = 60_000;

/** The bench as a measurement has it: its lines bear its name, and its pauses end with OutOfTime once its time is up. */
export function within(bench: Bench, { id }: Measurement, { mostMinutes }: Duration): Bench {
  const untilMs = bench.clock.nowMs() + mostMinutes * MINUTE_MS;
  return {
    ...bench,
    say: (line) => bench.say(`${id}: ${line}`),
    async pause(durationMs) {
      if (bench.clock.nowMs() > untilMs) throw new OutOfTime(mostMinutes);
      await bench.pause(durationMs);
    },
  };
}
