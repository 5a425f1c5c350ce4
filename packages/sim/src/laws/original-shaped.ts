import type { Law } from "@sluice/core/law";
import { createOriginalLaw } from "./original.ts";

/**
 * The law of {@link import("./original.ts").originalLaw} in Sluice's shape: the limit goes from 1 to X and is
 * spread over small batches that run side by side. It shows what the shape is worth without a better law.
 *
 * With batches of one record a step follows each call, so that the loop gain is L times the source's, and the
 * limit settles where half of the calls fail.
 */
export const originalShapedLaw: Law = createOriginalLaw(
  "original-shaped",
  ({ maxConcurrency }) => maxConcurrency,
);
