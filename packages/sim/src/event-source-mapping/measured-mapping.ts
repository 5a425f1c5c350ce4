import { number } from "@sluice/core/parsing";
import * as z from "zod";

/** AWS's event source mappings as they were measured, for the model to take over. */
export interface MeasuredMapping {
  /** Seconds from the answer to an update until it shows, one for each time that it was measured. */
  readonly updateSeconds?: MeasuredUpdates;
}

/** By the state that the update puts the mapping in. */
export interface MeasuredUpdates {
  readonly Enabling?: readonly number[];
  readonly Disabling?: readonly number[];
  readonly Updating?: readonly number[];
}

const DAY_SECONDS = 24 * 60 * 60;

const samples = z.array(number(0, DAY_SECONDS), "must be a list of seconds").min(1, "must not be empty");

/** Parses {@link MeasuredMapping}. */
export const measuredMappingSchema: z.ZodType<MeasuredMapping> = z.strictObject({
  updateSeconds: z.exactOptional(
    z.strictObject({
      Enabling: z.exactOptional(samples),
      Disabling: z.exactOptional(samples),
      Updating: z.exactOptional(samples),
    }),
  ),
});
