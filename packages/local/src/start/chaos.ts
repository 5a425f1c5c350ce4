import { setTimeout as sleep } from "node:timers/promises";
import type { Lambda } from "../lambda/lambda.ts";

/** Kills execution environments until it is stopped. */
export interface Chaos {
  /** Environments killed so far that were running a call. */
  readonly killCount: number;
  stop(): Promise<void>;
}

/** Starts to kill environments of the functions at random moments, one every `everyMs` on average. */
export function startChaos(lambda: Lambda, functionNames: readonly string[], everyMs: number): Chaos {
  const stopping = new AbortController();
  let killCount = 0;

  async function killNow(): Promise<void> {
    const name = functionNames[Math.floor(Math.random() * functionNames.length)] ?? "";
    const killing = await lambda.killOne(name, Math.random());
    if (killing.kind === "killed" && killing.wasBusy) killCount += 1;
  }

  async function killUntilStopped(): Promise<void> {
    while (!stopping.signal.aborted) {
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
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
