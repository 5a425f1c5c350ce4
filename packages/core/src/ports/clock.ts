/** Time as the use-cases see it, so that a simulation can hand in a virtual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Resolves after `durationMs`, or at once when `signal` aborts; it never rejects. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}
