import type { Clock } from "@sluice/core/ports";

const PAUSE_MS = 2_000;

/**
 * Makes a call again as long as it fails in a way that passes, such as where AWS has not heard yet of a role that was made
 * a second ago.
 * @throws the call's last error after `forMs`, and any that does not pass at once
 */
export async function tryUntil<T>(
  clock: Clock,
  forMs: number,
  call: () => Promise<T>,
  passes: (error: Error) => boolean,
): Promise<T> {
  const untilMs = clock.nowMs() + forMs;
  for (;;) {
    try {
      return await call();
    } catch (thrown) {
      if (!(thrown instanceof Error && passes(thrown)) || clock.nowMs() >= untilMs) throw thrown;
    }
    await clock.sleep(PAUSE_MS);
  }
}

/** Looks again until something is so; false if it is not after `forMs`. */
export async function waitUntil(clock: Clock, forMs: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const untilMs = clock.nowMs() + forMs;
  while (!(await isSo())) {
    if (clock.nowMs() >= untilMs) return false;
    await clock.sleep(PAUSE_MS);
  }
  return true;
}

/** The call's answer; undefined if what it is about is not there, by these names of errors. */
export async function unlessGone<T>(call: Promise<T>, names: readonly string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (thrown) {
    if (thrown instanceof Error && names.includes(thrown.name)) return undefined;
    throw thrown;
  }
}
