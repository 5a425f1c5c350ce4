import { Unreachable } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";

const FIRST_PAUSE_MS = 100;
const PAUSE_MAX_MS = 2_000;

/**
 * Repeats a write that must not be given up lightly, as long as its service is unreachable and there is time.
 * @throws Unreachable if the service still is at `untilMs`; every other error of the write at once
 */
export async function persist<T>(clock: Clock, untilMs: number, write: () => Promise<T>): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2)) {
    try {
      return await write();
    } catch (thrown) {
      if (!(thrown instanceof Unreachable) || clock.nowMs() + pauseMs >= untilMs) throw thrown;
      await clock.sleep(pauseMs);
    }
  }
}
