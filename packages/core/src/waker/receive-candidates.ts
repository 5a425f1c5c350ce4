import { messageOf } from "../errors.ts";
import type { Queue, ReceivedMessage } from "../ports/queue.ts";
import { LANES_BY_URGENCY, type Lane } from "../provider/lane.ts";
import { parseMessage } from "../records/message.ts";
import { inTurn, rankCandidates, type Standing } from "../ventilator/candidates.ts";
import { taskOf } from "../ventilator/task-of.ts";
import type { ProbeDeps } from "./probe-deps.ts";
import { renew } from "./renew.ts";

/** A message to probe with, the queue that it was received from, and what its record's end would say. */
export interface ReceivedCandidate {
  readonly lane: Lane;
  readonly queue: Queue;
  readonly message: ReceivedMessage;
  readonly standing: Standing;
  readonly claimedAtMs: number;
}

/** The messages that a search has received. */
export interface ReceivedCandidates {
  /** Those to ask first come first. */
  readonly candidates: readonly ReceivedCandidate[];
  /** The search ended before the queues did: others may be there, to be asked sooner than those with a past. */
  readonly areMoreLikely: boolean;
}

/**
 * Messages that one search looks at. In front there may be all that failed before an outage, hundreds of bad ones among
 * them: where calls are short and one record in ten is bad, as many as come back within the wait of those passed over.
 * Or all that the provider does not know, and behind them the first that it does.
 */
const SEARCHED_MAX = 500;
/** Time that it takes at most: a round has twice as much besides its probe. */
const SEARCH_MAX_MS = 10_000;
/** Messages that one search renews: those that were passed over together are due together. */
const RENEWED_MAX = 50;
/**
 * The same once a record is found that failed in the outage alone, which says nearly as much as a fresh one, or that has
 * been asked in it: a probe a minute must not make the queue go round.
 */
const SEARCHED_WITH_HIT_MAX = 10;
/**
 * Share of the searches that those do not end which have been asked: as many as come back from probe to probe would be asked
 * in turn for ever, and if all of them are bad nobody behind them. With a probe a minute at the most, a record comes once
 * in ten minutes by that.
 */
const LONG_SHARE = 0.1;

/**
 * Receives messages, those of the most urgent lane first, until one has a fresh record or none is to be seen.
 * @throws Unreachable if a queue can't be had now
 */
export async function receiveCandidates(deps: ProbeDeps, lastOkAtMs: number): Promise<ReceivedCandidates> {
  const found: ReceivedCandidate[] = [];
  const untilMs = deps.clock.nowMs() + SEARCH_MAX_MS;
  const isLong = deps.random.next() < LONG_SHARE;
  let renewedCount = 0;
  let isOver = false;
  for (const lane of LANES_BY_URGENCY) {
    const queue = deps.queues[lane];
    while (!isOver) {
      const message = await queue.receiveOne();
      if (message === undefined) break;
      const mayRenew = renewedCount < RENEWED_MAX && deps.clock.nowMs() < untilMs;
      if (mayRenew && (await renew(message, queue, deps))) {
        renewedCount += 1;
        continue;
      }
      const looked = await look(message, lane, lastOkAtMs, deps);
      found.push({ lane, queue, message, ...looked });
      const isEnough = found.length >= searchedMax(found, isLong) || deps.clock.nowMs() >= untilMs;
      isOver = looked.standing === "fresh" || isEnough;
    }
  }
  return { candidates: inTurn(found), areMoreLikely: isOver };
}

function searchedMax(found: readonly ReceivedCandidate[], isLong: boolean): number {
  const isHit = found.some(({ standing }) => standing === "hit" || (standing === "asked" && !isLong));
  return isHit ? SEARCHED_WITH_HIT_MAX : SEARCHED_MAX;
}

/** Looks at a message's record; where the store is away, searching on would only hide more messages. */
async function look(
  received: ReceivedMessage,
  lane: Lane,
  lastOkAtMs: number,
  deps: ProbeDeps,
): Promise<Pick<ReceivedCandidate, "standing" | "claimedAtMs">> {
  const parsed = parseMessage(received.body, deps.provider.id);
  const idle = { standing: "idle", claimedAtMs: 0 } as const;
  if (parsed.kind !== "message") return idle;
  try {
    const task = taskOf(received, parsed.message, lane, deps.provider);
    const [candidate] = await rankCandidates([task], lastOkAtMs, deps);
    return candidate ?? idle;
  } catch (thrown) {
    deps.log.warn("a probe's record could not be looked at", { cause: messageOf(thrown) });
    return { ...idle, standing: "fresh" };
  }
}
