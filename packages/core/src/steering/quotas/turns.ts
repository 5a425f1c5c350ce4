import { messageOf } from "../../errors.ts";
import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { Log } from "../../ports/log.ts";
import { type BatchAhead, blockSizeOf } from "./block-size.ts";
import type { QuotaClock } from "./quota-clock.ts";
import { type BlockDeps, lateMaxMsOf, reserveBlock } from "./reserve-block.ts";
import type { NoTurn, Turn } from "./turn.ts";
import { createUnusedStarts, type UnusedStarts } from "./unused-starts.ts";

/** A batch's need of turns, or that of one grant of permits of its. */
export interface Ahead extends Pick<BatchAhead, "leftCount" | "permitCount"> {
  /** No turn after this instant is of use. */
  readonly untilMs: number;
}

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
export interface TurnsDeps extends Omit<BlockDeps, "untilMs"> {
  readonly clock: QuotaClock;
  readonly meanLatencyMs: number;
  /** The limit in force. */
  readonly limit: number;
}

/**
 * A refused batch keeps its permits so long, because asking for them again costs two writes; what it leaves to those that
 * have waited for longer included.
 */
const WAIT_MAX_MS = 8_000 + CLOCK_SKEW_MS;
/** The same where there is one permit for all: others are to reserve a turn meanwhile. */
const ALONE_WAIT_MAX_MS = CLOCK_SKEW_MS;

/** Makes the turns of a batch, none of them reserved yet. */
export function createTurns(deps: TurnsDeps): Turns {
  const { terms, clock, log, meanLatencyMs } = deps;
  const lateMaxMs = lateMaxMsOf(terms);
  const unused = createUnusedStarts(deps.store);
  let hand: Turn[] = [];
  let asking: Promise<NoTurn | undefined> = Promise.resolve(undefined);
  /** Calls of `next` for which there is no turn yet. */
  let idleCount = 0;

  const isInTime = (turn: Turn) => isInTimeAt(clock.nowMs(), turn, lateMaxMs);

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
      unused.take();
      return turn;
    }
  }

  async function reserveIfNone(ahead: Ahead): Promise<NoTurn | undefined> {
    const { untilMs } = ahead;
    hand = hand.filter(isInTime);
    while (hand.length === 0) {
      const nowMs = clock.nowMs();
      if (nowMs >= untilMs) return { kind: "shut", untilMs: nowMs };
      const count = blockSizeOf({ ...ahead, idleCount, meanLatencyMs }, terms.spacing);
      const block = await reserveBlock({ ...deps, untilMs }, count, nowMs);
      if (block === "again") continue;
      if (block.kind === "block") {
        hand = [...block.turns];
        unused.add(block);
        continue;
      }
      if (block.untilMs - nowMs > waitMaxMsAt(deps.limit) || block.untilMs >= untilMs) return block;
      await clock.sleepUntil(block.untilMs);
    }
    return undefined;
  }

  return {
    next,
    isInTime,
    putBack(turn) {
      unused.putBack();
      hand.unshift(turn);
    },
    missed(workerReadMs) {
      clock.learn(workerReadMs);
      unused.putBack();
    },
    end: () => giveBack(unused, log),
  };
}

function waitMaxMsAt(limit: number): number {
  return limit > 1 ? WAIT_MAX_MS : ALONE_WAIT_MAX_MS;
}

async function giveBack(unused: UnusedStarts, log: Log): Promise<void> {
  try {
    await unused.giveBack();
  } catch (thrown) {
    log.warn("starts could not be given back, they are lost to the day", { cause: messageOf(thrown) });
  }
}

/** Half of the time by which a start may be late is the worker's. */
function isInTimeAt(nowMs: number, { startsAtMs, startByMs }: Turn, lateMaxMs: number): boolean {
  return nowMs <= Math.min(startByMs, startsAtMs + lateMaxMs / 2);
}
