import type { TraceSample } from "../report/trace.ts";
import type { World } from "./world.ts";

/** Samples are at least this far apart, and there are at most so many. */
const EVERY_MS = 1_000;
const SAMPLES_MAX = 1_200;

/** Watches a world from now on; the answer tells what has been seen so far, ascending in time. */
export function startSampler(world: Pick<World, "clock" | "sample">): () => readonly TraceSample[] {
  let samples: TraceSample[] = [];
  let everyMs = EVERY_MS;

  function look(): void {
    samples.push(world.sample());
    if (samples.length === SAMPLES_MAX) {
      samples = samples.filter((_, at) => at % 2 === 0);
      everyMs *= 2;
    }
    world.clock.at(world.clock.nowMs() + everyMs, look);
  }

  world.clock.at(world.clock.nowMs(), look);
  return () => samples;
}
