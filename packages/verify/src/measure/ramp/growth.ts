import type { RecordedInvocation } from "../../ports/journal.ts";

/** The batches at once, so long after the first batch began. */
export interface GrowthStep {
  readonly afterSeconds: number;
  readonly concurrency: number;
}

/** Steps below this ratio are left out: they are the noise of clocks and of starts. */
const STEP_RATIO = 1.1;

/**
 * The growth of the batches at once, each step more than all before it, until `most` are nearly reached.
 * @param invocations in the order of their starts
 */
export function growthOf(invocations: readonly RecordedInvocation[], most: number): readonly GrowthStep[] {
  const [first] = invocations;
  if (first === undefined) return [];
  const steps: GrowthStep[] = [];
  let ends: readonly number[] = [];
  for (const { startedAtMs, holdMs } of invocations) {
    ends = [...ends.filter((endMs) => endMs > startedAtMs), startedAtMs + holdMs];
    const last = steps.at(-1);
    if (last !== undefined && isReached(last.concurrency, most)) break;
    const concurrency = Math.min(ends.length, most);
    if (concurrency < STEP_RATIO * (last?.concurrency ?? 0)) continue;
    const afterSeconds = Math.round(startedAtMs - first.startedAtMs) / 1_000;
    if (last?.afterSeconds === afterSeconds) steps.pop();
    steps.push({ afterSeconds, concurrency });
  }
  return steps;
}

/** True for as many as can be told from all. */
export function isReached(concurrency: number, most: number): boolean {
  return concurrency * STEP_RATIO > most;
}
