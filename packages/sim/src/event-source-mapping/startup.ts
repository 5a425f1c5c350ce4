/** A step of the concurrency that polling reaches after it has started. */
export interface StartupStep {
  /** Since the start. */
  readonly afterSeconds: number;
  /** Batches at once, from then until the next step; after the last one there is no such bound. */
  readonly concurrency: number;
}

/** The bound on batches at once, so long after polling has started. */
export function startupCeiling(steps: readonly StartupStep[], sinceStartMs: number): number {
  const next = steps.findIndex(({ afterSeconds }) => 1_000 * afterSeconds > sinceStartMs);
  if (next === -1) return Number.POSITIVE_INFINITY;
  return steps[next - 1]?.concurrency ?? 1;
}
