import { Unreachable } from "../../errors.ts";
import type { Log } from "../../ports/log.ts";
import type { QuotaState, QuotaStore } from "../../ports/quota-store.ts";
import type { Lane } from "../../provider/lane.ts";
import { type BatchAhead, blockSizeOf } from "./block-size.ts";
import type { QuotaClock } from "./quota-clock.ts";
import { askingOf, refusedUntilMs } from "./request.ts";
import type { QuotaTerms } from "./terms.ts";

/** The right to start one call, reserved from all quotas. */
export interface Turn {
  readonly kind: "turn";
  /** On the quota's clock. */
  readonly startsAtMs: number;
  /** The worker begins no call later than this, on its own clock. */
  readonly startByMs: number;
}

/** No start for a while, on the process's own clock. */
export interface NoTurn {
  readonly kind: "shut";
  readonly untilMs: number;
}

/** What a batch has ahead of it. */
type Ahead = Pick<BatchAhead, "leftCount" | "permitCount">;

/** The turns of a batch. */
export interface Turns {
  /**
   * The next turn, when it has come; waited for as long as the batch's time. Never throws: while the store can't be had
   * nothing may start.
   */
  next(ahead: Ahead): Promise<Turn | NoTurn>;
  /** Takes a turn back of which nothing was made: the batch's next record gets it. */
  putBack(turn: Turn): void;
  /** Takes note that a worker began no call because its clock, which read this, found it too late. */
  missed(workerReadMs: number): void;
  /** True while there is time for a call to be begun in its turn. */
  isInTime(turn: Turn): boolean;
  /** Gives back to the day what no call was made of. Never throws: what can't be given back is lost to the day. */
  end(): Promise<void>;
}

/** The parts of the turns of one batch. */
export interface TurnsDeps {
  readonly terms: QuotaTerms;
  readonly store: QuotaStore;
  readonly clock: QuotaClock;
  readonly log: Log;
  readonly meanLatencyMs: number;
  readonly lane: Lane;
  /** No turn after this instant is of use. */
  readonly untilMs: number;
  /** The item as it was seen last by this process. */
  known(): QuotaState;
  see(state: QuotaState): void;
}

/** A refused batch keeps its permits so long, because asking for them again costs two writes. */
const WAIT_MAX_MS = 8_000;
/** The store is asked again after this time when it can't be had. */
const UNREACHABLE_MS = 2_000;
/** Where no pace has instants, a turn is good for this long. */
const UNPACED_LATE_MS = 15_000;

/** Makes the turns of a batch, none of them reserved yet. */
export function createTurns(deps: TurnsDeps): Turns {
  const { terms, store, clock, log, lane, untilMs, meanLatencyMs } = deps;
  const lateMaxMs = terms.pace?.lateMaxMs ?? UNPACED_LATE_MS;
  let hand: Turn[] = [];
  let asking: Promise<NoTurn | undefined> = Promise.resolve(undefined);
  let day = "";
  let unusedCount = 0;
  /** Calls of `next` for which there is no turn yet. */
  let idleCount = 0;

  // Half of the time by which a start may be late is the worker's.
  const isInTime = ({ startsAtMs, startByMs }: Turn) =>
    clock.nowMs() <= Math.min(startByMs, startsAtMs + lateMaxMs / 2);

  async function next(ahead: Ahead): Promise<Turn | NoTurn> {
    for (;;) {
      idleCount += 1;
      asking = asking.then(() => reserveIfNone(ahead));
      const shut = await asking;
      const turn = hand.shift();
      idleCount -= 1;
      if (turn === undefined) return shut ?? { kind: "shut", untilMs: clock.nowMs() };
      await clock.sleepUntil(turn.startsAtMs);
      if (!isInTime(turn)) continue;
      unusedCount -= 1;
      return turn;
    }
  }

  async function reserveIfNone(ahead: Ahead): Promise<NoTurn | undefined> {
    hand = hand.filter(isInTime);
    while (hand.length === 0) {
      const nowMs = clock.nowMs();
      if (nowMs >= untilMs) return { kind: "shut", untilMs: nowMs };
      const shut = await reserve(blockSizeOf({ ...ahead, idleCount, meanLatencyMs }, terms.pace), nowMs);
      if (shut === undefined) continue;
      if (shut.untilMs - nowMs > WAIT_MAX_MS || shut.untilMs >= untilMs) return shut;
      await clock.sleepUntil(shut.untilMs);
    }
    return undefined;
  }

  /** Reserves a block; answers with the wait if there is none to be had now. */
  async function reserve(count: number, nowMs: number): Promise<NoTurn | undefined> {
    const asked = askingOf(terms, { lane, count, untilMs }, deps.known(), nowMs);
    if (asked.kind === "shut") return asked;
    const { request, startByMaxMs } = asked;
    try {
      const answer = await store.reserve(request);
      deps.see(answer.state);
      if (answer.kind === "refused") {
        const { freeFromMs } = answer.state;
        const isTooLate = request.pace !== undefined && freeFromMs >= untilMs;
        const shutUntilMs = Math.max(
          isTooLate ? freeFromMs : 0,
          refusedUntilMs(terms, { lane }, answer.state, nowMs),
        );
        return shutUntilMs > nowMs ? { kind: "shut", untilMs: shutUntilMs } : undefined;
      }
      if (request.day !== undefined && request.day.name !== day) {
        day = request.day.name;
        unusedCount = 0;
      }
      unusedCount += request.count;
      const intervalMs = request.pace?.intervalMs ?? 0;
      hand = Array.from({ length: request.count }, (_, index) => {
        const startsAtMs = answer.firstAtMs + index * intervalMs;
        return {
          kind: "turn",
          startsAtMs,
          startByMs: Math.min(startsAtMs + lateMaxMs, startByMaxMs),
        } as const;
      });
      return undefined;
    } catch (thrown) {
      if (!(thrown instanceof Unreachable)) throw thrown;
      log.warn("no starts could be reserved, none is made for now", { cause: thrown.message });
      return { kind: "shut", untilMs: nowMs + UNREACHABLE_MS };
    }
  }

  return {
    next,
    isInTime,
    putBack(turn) {
      unusedCount += 1;
      hand.unshift(turn);
    },
    missed(workerReadMs) {
      clock.learn(workerReadMs);
      unusedCount += 1;
    },
    async end() {
      if (day === "" || unusedCount === 0) return;
      try {
        await store.giveBack(day, unusedCount);
      } catch (thrown) {
        log.warn("starts could not be given back, they are lost to the day", {
          starts: unusedCount,
          cause: thrown instanceof Error ? thrown.message : String(thrown),
        });
      }
    },
  };
}
