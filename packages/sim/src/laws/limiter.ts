import type { LawConfig } from "@sluice/core/law";
import type * as z from "zod";
import type { Sample } from "./sample.ts";

/**
 * A law that only knows a limit: it neither trips nor probes. `Memory` is a plain JSON value.
 * {@link withTrip} in `with-trip.ts` makes a whole law of it.
 */
export interface Limiter<Memory> {
  readonly name: string;
  readonly memorySchema: z.ZodType<Memory>;
  /** The memory of a limiter that begins at `limit`. */
  startAt(limit: number): Memory;
  /** The memory after a trip: the limiter begins again at limit 1, and keeps all that it has measured. */
  restart(memory: Memory): Memory;
  /** The memory after a sample. */
  update(memory: Memory, sample: Sample, config: LawConfig, nowMs: number): Memory;
  /** The limit that follows, a whole number from 1 to X. */
  limitOf(memory: Memory): number;
}
