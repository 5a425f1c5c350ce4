import { RECEIVE_COUNT_MAX, RETENTION_MAX_MS } from "../aws-bounds.ts";
import type { Waiting } from "../ports/fetch-store.ts";
import type { Random } from "../ports/random.ts";
import type { BackOff } from "../provider/provider.ts";
import type { RecordEnd } from "../records/record-end.ts";
import { backOffMs } from "../timing/back-off.ts";

/** Back-off of a message that was not started: short at first, because a permit may be free any moment. */
export const UNSTARTED_BACK_OFF: BackOff = { firstMs: 1_000, maxMs: 60_000 };

/**
 * Longest back-offs of a message whose worker could not begin, each from a number of receives on: after an hour, and
 * after a day. SQS moves a message to the dead letters at its thousandth receive; with these that takes longer than
 * it is kept.
 */
const LASTING_BACK_OFFS = [
  { fromReceiveCount: 300, backOffMaxMs: 45 * 60_000 },
  { fromReceiveCount: 60, backOffMaxMs: 5 * 60_000 },
] as const;

/**
 * The wait of a message whose worker could not begin: as of any that was not started, and rarer the longer it lasts.
 */
export function unstartedBackOffMs(receiveCount: number, random: Random): number {
  const lasting = LASTING_BACK_OFFS.find(({ fromReceiveCount }) => receiveCount >= fromReceiveCount);
  const maxMs = lasting?.backOffMaxMs ?? UNSTARTED_BACK_OFF.maxMs;
  return backOffMs({ ...UNSTARTED_BACK_OFF, maxMs }, receiveCount, random);
}

/** Wait of a message that has been received too often. */
const RARE_WAIT_MS = 60 * 60_000;
/** Receives from which on it is: what is left until the most that SQS allows takes as long as SQS keeps a message. */
const RARE_FROM_RECEIVE_COUNT = RECEIVE_COUNT_MAX - Math.ceil(RETENTION_MAX_MS / RARE_WAIT_MS);

/**
 * The least wait of a message, whatever it waits for: none, until it has been received so often that SQS would move it
 * to the dead letters, without a cause.
 */
export function rareWaitMs(receiveCount: number, random: Random): number {
  return receiveCount < RARE_FROM_RECEIVE_COUNT ? 0 : RARE_WAIT_MS * (1 + random.next() / 10);
}

/**
 * The end of a queue message. Only a record that is fetched, or dead with a dead letter sent, is acknowledged;
 * everything else is handed back, to be seen again after `visibleInMs` or, without one, at its visibility timeout.
 */
export type Disposition =
  /**
   * `end`: what has become of its record in its run; absent of a message that is none of ours. `waiting`: records of other
   * runs for which it has been fetched, too.
   */
  | {
      readonly kind: "acknowledge";
      readonly end?: RecordEnd;
      readonly cause?: string;
      readonly waiting?: readonly Waiting[];
    }
  | { readonly kind: "hand-back"; readonly visibleInMs?: number };

/** Disposition of a message that is none of ours, and needs no further work. */
export const ACKNOWLEDGE: Disposition = { kind: "acknowledge" };

/** Disposition of a message whose record has had its end. @param cause of a record that was not fetched */
export function ended(end: RecordEnd, cause?: string): Disposition {
  return cause === undefined ? { kind: "acknowledge", end } : { kind: "acknowledge", end, cause };
}

/** Disposition of a message that is to come again, after a while if one is given. */
export function handBack(visibleInMs?: number): Disposition {
  return visibleInMs === undefined ? { kind: "hand-back" } : { kind: "hand-back", visibleInMs };
}
