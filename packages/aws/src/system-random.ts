import type { Random } from "@sluice/core/ports";

/** {@link Random} of the runtime: for jitter, not for secrets. */
export const systemRandom: Random = { next: () => Math.random() };
