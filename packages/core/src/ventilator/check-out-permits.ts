import { Unreachable } from "../errors.ts";
import type { CheckOut } from "../permits/check-out.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";

/** A batch waits this long for a permit: bouncing it costs a receive and an invocation. */
const PERMIT_WAIT_MS = 3_000;
const FIRST_PAUSE_MS = 100;
/** Longest pause. Hundreds of batches may wait at once: shorter pauses would make the permits' items hot. */
const PAUSE_MAX_MS = 1_600;

/**
 * Checks out permits for a batch. While all are out, or the breaker is open, it asks again for a few seconds, as long as
 * a call started then would still fit.
 * @throws Unreachable if the store could not be reached the last time either
 */
export async function checkOutPermits(
  { wanted, isProbe }: { readonly wanted: number; readonly isProbe: boolean },
  { takeUpUntilMs, permitsUntilMs: leaseUntilMs }: BatchTimes,
  { permits, clock, ids, random }: VentilatorDeps,
): Promise<CheckOut> {
  const waitUntilMs = Math.min(clock.nowMs() + PERMIT_WAIT_MS, takeUpUntilMs);
  const holderId = ids.next();
  let isRepeated = false;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2)) {
    const request = { wanted, leaseUntilMs, holderId, isRepeated, nowMs: clock.nowMs() };
    const isLast = clock.nowMs() + pauseMs >= waitUntilMs;
    const checkOut = await unlessUnreachable(
      isProbe ? permits.checkOutProbe(request) : permits.checkOut(request),
      isLast,
    );
    const mayChange = checkOut.kind === "full" || (checkOut.kind === "shut" && checkOut.reason === "tripped");
    if (!mayChange || isLast) return checkOut;
    isRepeated = true;
    await clock.sleep(pauseMs * (0.5 + random.next()));
  }
}

/** Takes a store that is unreachable for one without a free permit, until the last time: a bounce would not relieve it. */
async function unlessUnreachable(asked: Promise<CheckOut>, isLast: boolean): Promise<CheckOut> {
  try {
    return await asked;
  } catch (thrown) {
    if (isLast || !(thrown instanceof Unreachable)) throw thrown;
    return { kind: "full" };
  }
}
