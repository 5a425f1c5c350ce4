import { messageOf } from "../errors.ts";
import type { Queue, ReceivedMessage } from "../ports/queue.ts";
import { LANES_BY_URGENCY } from "../provider/lane.ts";
import { parseMessage } from "../records/message.ts";
import { rankCandidates, rankOf, type Standing } from "../ventilator/candidates.ts";
import type { ProbeDeps } from "./probe-deps.ts";

/** A message to probe with, the queue that it was received from, and what its record's end would say. */
export interface ReceivedCandidate {
  readonly queue: Queue;
  readonly message: ReceivedMessage;
  readonly standing: Standing;
}

/** Messages that one search looks at: as many as a receive may bring. */
const SEARCHED_MAX = 10;

/**
 * Receives messages, those of the most urgent lane first, until one has a fresh record or none is to be seen; those to
 * ask first come first.
 * @throws Unreachable if a queue can't be had now
 */
export async function receiveCandidates(
  deps: ProbeDeps,
  lastOkAtMs: number,
): Promise<readonly ReceivedCandidate[]> {
  const found: ReceivedCandidate[] = [];
  for (const lane of LANES_BY_URGENCY) {
    const queue = deps.queues[lane];
    while (found.length < SEARCHED_MAX && !found.some(({ standing }) => standing === "fresh")) {
      const message = await queue.receiveOne();
      if (message === undefined) break;
      found.push({ queue, message, standing: await standingOf(message, lastOkAtMs, deps) });
    }
  }
  return found.toSorted((one, other) => rankOf(one) - rankOf(other));
}

/** The standing of a message's record; one that can't be told is asked last, and shows itself then. */
async function standingOf(
  received: ReceivedMessage,
  lastOkAtMs: number,
  deps: ProbeDeps,
): Promise<Standing> {
  const parsed = parseMessage(received.body, deps.provider.id);
  if (parsed.kind !== "message") return "idle";
  try {
    const [candidate] = await rankCandidates([{ received, message: parsed.message }], lastOkAtMs, deps);
    return candidate?.standing ?? "idle";
  } catch (thrown) {
    deps.log.warn("a probe's record could not be looked at", { cause: messageOf(thrown) });
    return "idle";
  }
}
