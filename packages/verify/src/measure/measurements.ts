import { lateDeletion } from "./late-deletion.ts";
import type { Measurement } from "./measurement.ts";
import { updates } from "./updates/updates.ts";

/** All measurements, in the order in which they run. */
export const MEASUREMENTS: readonly Measurement[] = [lateDeletion, updates];
