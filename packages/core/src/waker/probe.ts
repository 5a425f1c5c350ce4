import type { BreakerStatus } from "../breaker/breaker-status.ts";
import { messageOf } from "../errors.ts";
import { batchTimesOf } from "../ventilator/batch-times.ts";
import { handBack } from "../ventilator/disposition.ts";
import { handBackMessages } from "../ventilator/hand-back-messages.ts";
import { REOPENING_SPREAD_MS } from "../ventilator/reopening.ts";
import { ventilate } from "../ventilator/ventilate.ts";
import { endUnwantedOf } from "./end-unwanted.ts";
import type { ProbeDeps } from "./probe-deps.ts";
import { queuedCountOf } from "./queued-count.ts";
import { type ReceivedCandidate, type ReceivedCandidates, receiveCandidates } from "./receive-candidates.ts";
import { latestProbeAtMs, probeDeadlineAtMs } from "./waker-times.ts";

/** Wait of a message that is to be asked later than others, and the most where it waits for its turn. */
const PASSED_OVER = { paces: 15, maxMs: 5 * 60_000 };
/** Time between the turns of messages that nothing fresh comes before: about one probe each. */
const TURN = { paces: 3, maxMs: 60_000 };

/** Time for which a round goes on searching behind records that nobody wants: the next one begins a minute after it. */
const SEARCHED_ON_MS = 30_000;

/** A candidate that is not asked, and is to be seen again after a while. */
interface PassedOver extends ReceivedCandidate {
  readonly visibleInMs: number;
}

/**
 * Probes behind a shut valve: receives a message, tells the law that the probe is due, and runs the record as a
 * ventilator does that comes first at the gate. Without a message the law opens the valve for the next record to
 * appear. Returns the breaker's status afterwards.
 * @throws Unreachable if a queue or the store can't be had now
 */
export async function probe(deps: ProbeDeps, deadlineAtMs: number): Promise<BreakerStatus> {
  const { breaker, permits, clock } = deps;
  const { lastOkAtMs } = await permits.readProbe(clock.nowMs());
  const { candidates, areMoreLikely } = await receiveWanted(deps, lastOkAtMs, deadlineAtMs);
  await breaker.observe({ kind: "probe-due", hasRecord: candidates.length > 0 });
  let status = await breaker.look();
  const passedOver: PassedOver[] = [];
  for (const candidate of candidates) {
    const mayRun =
      status.control.phase === "half-open" && clock.nowMs() <= latestProbeAtMs(deps.provider, deadlineAtMs);
    if (mayRun) {
      await run(candidate, deps, deadlineAtMs);
      status = await breaker.look();
    } else {
      const isNext = status.control.phase === "closed" || candidate.standing === "fresh";
      // Where everything is rejected, probes are made in minutes, whatever the pace.
      const laterInMs = candidate.standing === "rejected" ? PASSED_OVER.maxMs : waitMs(PASSED_OVER, deps);
      const turnsInMs = (passedOver.length + 1) * waitMs(TURN, deps);
      const visibleInMs = areMoreLikely ? laterInMs : Math.min(laterInMs, turnsInMs);
      passedOver.push({ ...candidate, visibleInMs: isNext ? 0 : visibleInMs });
    }
  }
  await handBackAll(passedOver, deps, deadlineAtMs);
  return status;
}

/** A wait in paces, because probes are made in paces; those of a slow pace must not hide a message for longer. */
function waitMs({ paces, maxMs }: typeof TURN, { provider }: ProbeDeps): number {
  return Math.min(maxMs, paces * provider.breaker.paceMs);
}

/** Receives candidates, and ends those that nobody wants. Where there were no others it goes on while there is time. */
async function receiveWanted(
  deps: ProbeDeps,
  lastOkAtMs: number,
  deadlineAtMs: number,
): Promise<ReceivedCandidates> {
  const { provider, clock } = deps;
  const untilMs = Math.min(clock.nowMs() + SEARCHED_ON_MS, latestProbeAtMs(provider, deadlineAtMs));
  for (;;) {
    const { candidates, areMoreLikely } = await receiveSoon(deps, lastOkAtMs);
    const wanted = await endUnwantedOf(candidates, deps, untilMs);
    if (wanted.length > 0 || !areMoreLikely || clock.nowMs() >= untilMs) {
      return { candidates: wanted, areMoreLikely };
    }
  }
}

/** Receives candidates; what was handed back until this very instant is a moment late. */
async function receiveSoon(deps: ProbeDeps, lastOkAtMs: number): Promise<ReceivedCandidates> {
  const found = await receiveCandidates(deps, lastOkAtMs);
  if (found.candidates.length > 0 || (await queuedCountOf(deps.queues)) === 0) return found;
  await deps.clock.sleep(REOPENING_SPREAD_MS + 1_000);
  return receiveCandidates(deps, lastOkAtMs);
}

/** Runs the message as a batch, which deletes nothing by itself. */
async function run(
  { lane, queue, message }: ReceivedCandidate,
  deps: ProbeDeps,
  roundUntilMs: number,
): Promise<void> {
  const { provider, clock, log } = deps;
  const deadlineAtMs = probeDeadlineAtMs(provider, clock.nowMs(), roundUntilMs);
  const batch = { messages: [message], queue, deadlineAtMs, fanOut: 1, isUrgent: lane === "express" };
  const handedBack = await ventilate(batch, deps);
  if (handedBack.includes(message.messageId)) return;
  try {
    await queue.delete(message.receiptHandle);
  } catch (thrown) {
    // It comes again, is found to be fetched and acknowledged then; what the probe showed matters now.
    log.warn("the probe's message could not be deleted", { cause: messageOf(thrown) });
  }
}

/** Hands back messages that were not asked. */
async function handBackAll(
  passedOver: readonly PassedOver[],
  deps: ProbeDeps,
  roundUntilMs: number,
): Promise<void> {
  const times = batchTimesOf(deps.provider, roundUntilMs, deps.clock.nowMs());
  const byQueue = Map.groupBy(passedOver, ({ queue }) => queue);
  for (const [queue, messages] of byQueue) {
    const dispositions = messages.map(
      ({ message, visibleInMs }) => [message, handBack(visibleInMs)] as const,
    );
    await handBackMessages(new Map(dispositions), queue, times, deps);
  }
}
