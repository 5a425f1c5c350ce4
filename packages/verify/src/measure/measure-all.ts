import type { Bench } from "../bench/bench.ts";
import { CallFailed } from "../call-failed.ts";
import type { Measured, Measurement } from "./measurement.ts";

/** The yield of a measurement, as far as it came. */
export interface MeasurementRun extends Measured {
  readonly measurement: Measurement;
  /** AWS refused a call that it can't do without. */
  readonly failure?: string;
}

/**
 * Measures one thing after the other. One that fails keeps none of the others.
 * @throws Interrupted
 */
export async function measureAll(
  bench: Bench,
  measurements: readonly Measurement[],
  onEnd: (run: MeasurementRun) => void,
): Promise<void> {
  for (const measurement of measurements) {
    bench.say(`${measurement.id}: ${measurement.title}`);
    onEnd(await measure(bench, measurement));
  }
}

async function measure(bench: Bench, measurement: Measurement): Promise<MeasurementRun> {
  try {
    await bench.pause(0);
    return { measurement, ...(await measurement.run(bench)) };
  } catch (thrown) {
    if (!(thrown instanceof CallFailed)) throw thrown;
    const findings = measurement.rows.map((row) => ({
      row,
      what: measurement.title,
      assumed: "",
      outcome: { kind: "not-measured", why: thrown.message } as const,
    }));
    return { measurement, findings, failure: thrown.message };
  }
}
