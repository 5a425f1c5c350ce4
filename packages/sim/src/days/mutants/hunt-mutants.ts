import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { THREAD_LIMITS } from "../../threads/open-thread.ts";
import type { Mutant } from "./mutant.ts";
import type { MutantCatch, MutantHunt } from "./mutant-hunt.ts";

/** Limits of a hunt for mutants. */
export interface HuntOptions {
  readonly fromSeed: number;
  readonly seedsMax: number;
  readonly threadCount: number;
  readonly signal: AbortSignal;
  onCaught(mutant: Mutant, result: MutantCatch): void;
}

/** Hunts each mutant in a thread of its own, whose modules have it in them. Rejects with what a thread throws. */
export async function huntMutants(
  mutants: readonly Mutant[],
  { fromSeed, seedsMax, threadCount, signal, onCaught }: HuntOptions,
): Promise<void> {
  const left = mutants.values();

  async function work(): Promise<void> {
    for (const mutant of left) {
      if (signal.aborted) return;
      const workerData: MutantHunt = { mutant, fromSeed, seedsMax };
      const thread = new Worker(new URL("./mutant-thread.ts", import.meta.url), {
        workerData,
        resourceLimits: THREAD_LIMITS,
      });
      try {
        const [result] = await once(thread, "message", { signal });
        onCaught(mutant, result as MutantCatch);
      } catch (thrown) {
        if (!signal.aborted) throw thrown;
      } finally {
        await thread.terminate();
      }
    }
  }

  await Promise.all(Array.from({ length: threadCount }, work));
}
