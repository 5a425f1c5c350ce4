import { stoppableClock } from "../stoppable-clock.ts";
import type { Bench } from "./bench.ts";
import type { BenchDeps } from "./bench-deps.ts";
import { createMaking } from "./making.ts";

/** Starts with nothing made. */
export function createBench(deps: BenchDeps): Bench {
  const { account, ids, timing, names, interrupt, say } = deps;
  const clock = stoppableClock(deps.clock, interrupt);
  return {
    account,
    clock,
    timing,
    names,
    nextId: () => ids.next(),
    pause: (durationMs) => clock.sleep(durationMs),
    say,
    ...createMaking({ ...deps, clock }),
  };
}
