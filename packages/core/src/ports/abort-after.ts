/** Makes a signal that aborts after a time, in milliseconds, so that a simulation can hand in a virtual one. */
export type AbortAfter = (durationMs: number) => AbortSignal;
