import type { MappingReading } from "../ports/mapping-calls.ts";
import type { Bench } from "./bench.ts";

const SETTLED: readonly string[] = ["Enabled", "Disabled"];

/** True for a state in which no change is under way. */
export function isSettled(state: string): boolean {
  return SETTLED.includes(state);
}

/** Waits until no change of a mapping is under way, or for as long as an update may take, and reads it. @throws CallFailed, Interrupted */
export async function whenSettled(
  { account, clock, timing, pause }: Bench,
  uuid: string,
): Promise<MappingReading> {
  const untilMs = clock.nowMs() + timing.showWithinMs;
  let reading = await account.mappings.read(uuid);
  while (!isSettled(reading.state) && clock.nowMs() < untilMs) {
    await pause(timing.lookEveryMs);
    reading = await account.mappings.read(uuid);
  }
  return reading;
}
