import type { AbortAfter } from "@sluice/core/ports";

/** {@link AbortAfter} of the machine. Its timer keeps no process alive. */
export const systemAbortAfter: AbortAfter = (durationMs) => AbortSignal.timeout(durationMs);
