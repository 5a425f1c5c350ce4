import type { Random } from "@sluice/core/ports";

/** The runtime's own randomness: for jitter, not for secrets. */
export const systemRandom: Random = { next: () => Math.random() };
