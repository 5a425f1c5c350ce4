import { setTimeout as sleep } from "node:timers/promises";
import type { Lambda } from "../lambda/lambda.ts";

/** Kills execution environments until it is stopped. */
export interface Chaos {
  /** Environments killed so far that were running a call. */
  readonly killCount: number;
  /** Resolves when no more will be killed. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts to kill environments of the functions at random moments, one every `everyMs` on average, for `forMs` or until
 * it is stopped.
 */
export function startChaos(
  lambda: Pick<Lambda, "killOne">,
  functionNames: readonly string[],
  everyMs: number,
  forMs: number = Number.POSITIVE_INFINITY,
): Chaos {
  const stopping = new AbortController();
  const endsAtMs = performance.now() + forMs;
  let killCount = 0;

  async function killNow(): Promise<void> {
    const name = functionNames[Math.floor(Math.random() * functionNames.length)] ?? "";
    const killing = await lambda.killOne(name, Math.random());
    if (killing.kind === "killed" && killing.wasBusy) killCount += 1;
  }

  async function killUntilStopped(): Promise<void> {
    while (!stopping.signal.aborted && performance.now() < endsAtMs) {
      // Exponential pauses make the moments independent of anything that the system does at intervals.
      const pauseMs = -Math.log(1 - Math.random()) * everyMs;
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (!stopping.signal.aborted) await killNow();
    }
  }

  const ended = killUntilStopped();
  return {
    get killCount() {
      return killCount;
    },
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
