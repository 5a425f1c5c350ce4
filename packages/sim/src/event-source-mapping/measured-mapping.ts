import { number } from "@sluice/core/parsing";
import * as z from "zod";
import type { StartupStep } from "./startup.ts";

/** AWS's event source mappings as they were measured, for the model to take over. */
export interface MeasuredMapping {
  /** Seconds from the answer to an update until it shows, one for each time that it was measured. */
  readonly updateSeconds?: MeasuredUpdates;
  /** The growth of the batches at once after a mapping with a backlog was enabled, in the order of time. */
  readonly startup?: readonly StartupStep[];
}

/** By the state that the update puts the mapping in. */
export interface MeasuredUpdates {
  readonly Enabling?: readonly number[];
  readonly Disabling?: readonly number[];
  readonly Updating?: readonly number[];
}

const DAY_SECONDS = 24 * 60 * 60;

const samples = z.array(number(0, DAY_SECONDS), "must be a list of seconds").min(1, "must not be empty");

function isAscending(steps: readonly StartupStep[]): boolean {
  return steps.every(({ afterSeconds }, at) => at === 0 || afterSeconds > (steps[at - 1]?.afterSeconds ?? 0));
}

/** Parses {@link MeasuredMapping}. */
export const measuredMappingSchema: z.ZodType<MeasuredMapping> = z.strictObject({
  updateSeconds: z.exactOptional(
    z.strictObject({
      Enabling: z.exactOptional(samples),
      Disabling: z.exactOptional(samples),
      Updating: z.exactOptional(samples),
    }),
  ),
  startup: z.exactOptional(
    z
      .array(
        z.strictObject({ afterSeconds: number(0, DAY_SECONDS), concurrency: number(1, 10_000) }),
        "must be a list of steps",
      )
      .refine(isAscending, "must be in the order of time"),
  ),
});
