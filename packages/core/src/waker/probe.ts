import type { BreakerStatus } from "../breaker/breaker-status.ts";
import { messageOf } from "../errors.ts";
import { REOPENING_SPREAD_MS } from "../ventilator/reopening.ts";
import { ventilate } from "../ventilator/ventilate.ts";
import type { ProbeDeps } from "./probe-deps.ts";
import { queuedCountOf } from "./queued-count.ts";
import { type ReceivedCandidate, receiveCandidates } from "./receive-candidates.ts";
import { latestProbeAtMs, probeDeadlineAtMs } from "./waker-times.ts";

/** Wait of a message whose record has a past, where a fresh one was there to be asked: others come first. */
const PASSED_OVER_MS = 10 * 60_000;

/**
 * Probes behind a shut valve: receives a message, tells the law that the probe is due, and runs the record as a
 * ventilator does that comes first at the gate. Without a message the law opens the valve for the next record to appear.
 * Returns the breaker's status afterwards.
 * @throws Unreachable if a queue or the store can't be had now
 */
export async function probe(deps: ProbeDeps, deadlineAtMs: number): Promise<BreakerStatus> {
  const { breaker, permits, clock } = deps;
  const { lastOkAtMs } = await permits.readProbe(clock.nowMs());
  const candidates = await receiveSoon(deps, lastOkAtMs);
  await breaker.observe({ kind: "probe-due", hasRecord: candidates.length > 0 });
  let status = await breaker.look();
  for (const candidate of candidates) {
    const mayRun =
      status.control.phase === "half-open" && clock.nowMs() <= latestProbeAtMs(deps.provider, deadlineAtMs);
    if (mayRun) {
      await run(candidate, deps, deadlineAtMs);
      status = await breaker.look();
    } else {
      await passOver(candidate, candidates, status, deps);
    }
  }
  return status;
}

/** Receives candidates; what was handed back until this very instant is a moment late. */
async function receiveSoon(deps: ProbeDeps, lastOkAtMs: number): Promise<readonly ReceivedCandidate[]> {
  const found = await receiveCandidates(deps, lastOkAtMs);
  if (found.length > 0 || (await queuedCountOf(deps.queues)) === 0) return found;
  await deps.clock.sleep(REOPENING_SPREAD_MS + 1_000);
  return receiveCandidates(deps, lastOkAtMs);
}

/** Runs the message as a batch, which deletes nothing by itself. */
async function run(
  { queue, message }: ReceivedCandidate,
  deps: ProbeDeps,
  roundUntilMs: number,
): Promise<void> {
  const { provider, clock, log } = deps;
  const deadlineAtMs = probeDeadlineAtMs(provider, clock.nowMs(), roundUntilMs);
  const handedBack = await ventilate({ messages: [message], queue, deadlineAtMs, fanOut: 1 }, deps);
  if (handedBack.includes(message.messageId)) return;
  try {
    await queue.delete(message.receiptHandle);
  } catch (thrown) {
    // It comes again, is found to be fetched and acknowledged then; what the probe showed matters now.
    log.warn("the probe's message could not be deleted", { cause: messageOf(thrown) });
  }
}

/** Hands back a message that was not asked. */
async function passOver(
  { queue, message, standing }: ReceivedCandidate,
  candidates: readonly ReceivedCandidate[],
  { control }: BreakerStatus,
  { log }: ProbeDeps,
): Promise<void> {
  const hasFresh = candidates.some((other) => other.standing === "fresh");
  const isLater = hasFresh && standing !== "fresh" && standing !== "idle" && control.phase !== "closed";
  const delayMs = isLater ? PASSED_OVER_MS : 0;
  try {
    await queue.changeVisibility([{ receiptHandle: message.receiptHandle, delayMs }]);
  } catch (thrown) {
    log.warn("a message that was not probed with could not be handed back", { cause: messageOf(thrown) });
  }
}
