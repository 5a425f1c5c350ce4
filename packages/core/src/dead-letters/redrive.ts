import type { Refused } from "../operator/answer.ts";
import { audit } from "../operator/audit.ts";
import { type Author, refusalOfAuthor } from "../operator/author.ts";
import { CLOCK_SKEW_MS } from "../permits/lease.ts";
import type { QueueEntry, WholeMessage } from "../ports/queue.ts";
import { LANES, type Lane } from "../provider/lane.ts";
import { DEAD_LETTER_ATTRIBUTE, type RecordMessage } from "../records/message.ts";
import { recordKey } from "../records/record-key.ts";
import { persist } from "../timing/persist.ts";
import { deadLetterOf } from "./dead-letter.ts";
import { type DeadLettersDeps, WAIT_FOR_OTHERS_MS } from "./dead-letters-deps.ts";
import { createLaneFinder, type LaneFinder } from "./find-lane.ts";
import { filterText, isChosen, type LetterFilter } from "./letter-filter.ts";
import { removeLetters } from "./remove-letters.ts";
import { type Walked, walk } from "./walk.ts";

/** Dead letters that an operator wants back in their lanes. */
export interface RedriveRequest extends Author {
  readonly filter: LetterFilter;
  /** The most letters a second; left out: as fast as it goes. */
  readonly ratePerSecond?: number;
  /** Letters that are expected, as a reading has counted them: how long the others are hidden follows from it. */
  readonly expectedCount: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch. */
  onProgress?(progress: RedriveResult): void;
}

/** The letters that were chosen, by what has become of them. */
export interface RedriveResult {
  /** Letters that are back in their lanes. */
  readonly redrivenCount: number;
  /** Of those: letters that could not be deleted, and are dead letters too. Redriven again they are fetched once. */
  readonly undeletedCount: number;
  /** Letters that are no record's message: they stay. */
  readonly malformedCount: number;
  /** Letters that their lane did not take: they stay. */
  readonly refusedCount: number;
}

/** The answer to a redrive. */
export type RedriveAnswer = ({ readonly kind: "redriven" } & Walked & RedriveResult) | Refused;

const TRY_FOR_MS = 20_000;
/** Time for which letters that are looked at are hidden besides that of the redrive itself. */
const HIDDEN_EXTRA_MS = 5 * 60_000;
/** Longest: SQS hides for twelve hours at most, and a redrive that dies must not hide letters for a night. */
const HIDDEN_MAX_MS = 4 * 60 * 60_000;
/** Letters a second, at least, where no rate is set: receive, send and delete of ten at a time. */
const USUAL_RATE = 20;

/**
 * Puts dead letters back into the lane of their run, the oldest first, with all of their attempts: each is sent, as a dead
 * letter that comes back, and then deleted. So however it ends each is in its lane or a dead letter still, or, for the moment
 * between the two, both: then it is fetched once. What died since it began is left alone. The ledger learns of each as it
 * learns of any record: its message is that of its run.
 * @throws Unreachable; what was done until then stays
 */
export async function redrive(request: RedriveRequest, deps: DeadLettersDeps): Promise<RedriveAnswer> {
  const refusal = refusalOfAuthor(request);
  if (refusal !== undefined) return refusal;
  const { filter, ratePerSecond, expectedCount, signal, onProgress } = request;
  const { deadLetters: queue, clock, random, log } = deps;
  await audit(`redrives ${filterText(filter)}`, request, { filter, expected: expectedCount }, deps);
  const lengthMs = (expectedCount * 1_000) / (ratePerSecond ?? USUAL_RATE);
  const redriven = createRedriven(request, deps);
  const walked = await walk({
    queue,
    hiddenForMs: Math.min(HIDDEN_MAX_MS, HIDDEN_EXTRA_MS + 2 * lengthMs),
    waitForOthersMs: WAIT_FOR_OTHERS_MS,
    signal,
    clock,
    random,
    log,
    async visit(messages) {
      const stay = await redriven.take(messages);
      onProgress?.(redriven.result());
      return { stay };
    },
  });
  return { kind: "redriven", ...walked, ...redriven.result() };
}

/** A letter that is to go back. */
interface Returning {
  readonly received: WholeMessage;
  readonly record: RecordMessage;
}

function createRedriven({ filter, ratePerSecond, signal }: RedriveRequest, deps: DeadLettersDeps) {
  const { provider, clock } = deps;
  const bornUntilMs = clock.nowMs() + CLOCK_SKEW_MS;
  const laneOf = createLaneFinder(deps);
  const done = new Set<string>();
  const counts = { redrivenCount: 0, undeletedCount: 0, malformedCount: 0, refusedCount: 0 };
  let nextAtMs = clock.nowMs();

  function returning(received: WholeMessage): readonly Returning[] {
    const letter = deadLetterOf(received, provider.id);
    if (received.sentAtMs > bornUntilMs || !isChosen(letter, filter)) return [];
    if (letter.message === undefined) {
      counts.malformedCount += 1;
      return [];
    }
    // It has died again since it was redriven a moment ago.
    if (done.has(keyOf(letter.message))) return [];
    return [{ received, record: letter.message }];
  }

  /** Waits until the rate allows so many; false if it is called off meanwhile. */
  async function turn(count: number): Promise<boolean> {
    const waitMs = nextAtMs - clock.nowMs();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    if (signal?.aborted) return false;
    const nowMs = Math.max(nextAtMs, clock.nowMs());
    nextAtMs = ratePerSecond === undefined ? nowMs : nowMs + (count * 1_000) / ratePerSecond;
    return true;
  }

  async function take(messages: readonly WholeMessage[]): Promise<readonly WholeMessage[]> {
    const chosen = messages.flatMap(returning);
    if (chosen.length === 0 || !(await turn(chosen.length))) return messages;
    const { sent, refused, failure } = await sendBack(chosen, laneOf, deps);
    counts.refusedCount += refused.length;
    for (const { record } of sent) done.add(keyOf(record));
    const gone = sent.map(({ received }) => received);
    counts.undeletedCount += await removeLetters(gone, deps);
    counts.redrivenCount += gone.length;
    if (failure !== undefined) throw failure.cause;
    return messages.filter((message) => !gone.includes(message));
  }

  return { take, result: (): RedriveResult => ({ ...counts }) };
}

/** The record of a run, however often it dies. */
function keyOf({ runId, number, recordId }: RecordMessage): string {
  return JSON.stringify([runId, number, recordId]);
}

/** Letters that were sent, and those that were not; the failure of a lane that could not be had leaves its own unsent. */
interface SentBack {
  readonly sent: readonly Returning[];
  readonly refused: readonly Returning[];
  readonly failure?: { readonly cause: unknown };
}

async function sendBack(
  letters: readonly Returning[],
  laneOf: LaneFinder,
  deps: DeadLettersDeps,
): Promise<SentBack> {
  const withLanes = await Promise.all(
    letters.map(async (letter) => ({ letter, lane: await laneOf(letter.record.runId) })),
  );
  const byLanes = await Promise.all(
    LANES.map((lane) => {
      const own = withLanes.filter((each) => each.lane === lane).map(({ letter }) => letter);
      return sendToLane(own, lane, deps);
    }),
  );
  const failed = byLanes.find(({ failure }) => failure !== undefined);
  return {
    sent: byLanes.flatMap(({ sent }) => sent),
    refused: byLanes.flatMap(({ refused }) => refused),
    ...(failed?.failure && { failure: failed.failure }),
  };
}

/** Never throws: what another lane has taken is to be deleted first. */
async function sendToLane(
  letters: readonly Returning[],
  lane: Lane,
  { lanes, clock }: DeadLettersDeps,
): Promise<SentBack> {
  if (letters.length === 0) return { sent: [], refused: [] };
  try {
    const untilMs = clock.nowMs() + TRY_FOR_MS;
    const failures = await persist(clock, untilMs, () => lanes[lane].send(letters.map(entryOf)));
    const failed = new Set(failures.map(({ index }) => index));
    return {
      sent: letters.filter((_, index) => !failed.has(index)),
      refused: letters.filter((_, index) => failed.has(index)),
    };
  } catch (cause) {
    return { sent: [], refused: [], failure: { cause } };
  }
}

/** The message as its scheduler sent it, but for what tells that it was dead: it starts afresh, whatever its deadline. */
function entryOf({ received, record }: Returning): QueueEntry {
  return {
    groupId: recordKey(record.recordId),
    // The letter's own, so that sent again it is the same message, and its first sending is another one.
    deduplicationId: recordKey(`redriven:${received.messageId}`),
    body: received.body,
    attributes: { [DEAD_LETTER_ATTRIBUTE]: received.attributes[DEAD_LETTER_ATTRIBUTE] ?? "{}" },
  };
}
