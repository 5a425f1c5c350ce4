import { Interrupted } from "../interrupted.ts";
import type { Bench } from "./bench.ts";
import type { BenchDeps } from "./bench-deps.ts";
import { createMaking } from "./making.ts";

/** Starts with nothing made. */
export function createBench(deps: BenchDeps): Bench {
  const { account, clock, ids, timing, names, interrupt, say } = deps;
  async function pause(durationMs: number): Promise<void> {
    if (!interrupt.aborted) await clock.sleep(durationMs, interrupt);
    if (interrupt.aborted) throw new Interrupted();
  }
  return {
    account,
    clock,
    timing,
    names,
    nextId: () => ids.next(),
    pause,
    say,
    ...createMaking(deps),
  };
}
