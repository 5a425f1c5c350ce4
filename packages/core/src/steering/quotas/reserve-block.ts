import { Unreachable } from "../../errors.ts";
import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { Log } from "../../ports/log.ts";
import type { QuotaRequest, QuotaState, QuotaStore } from "../../ports/quota-store.ts";
import type { Lane } from "../../provider/lane.ts";
import { freeFromFor } from "./quota-steps.ts";
import { askingOf, refusedUntilMs } from "./request.ts";
import type { QuotaTerms } from "./terms.ts";
import type { NoTurn, Turn } from "./turn.ts";

/** Turns that were reserved in one write; of a day only if days are counted. */
export interface Block {
  readonly kind: "block";
  readonly turns: readonly Turn[];
  readonly day?: string;
}

/** The parts that reservations of one batch work with. */
export interface BlockDeps {
  readonly terms: QuotaTerms;
  readonly store: QuotaStore;
  readonly log: Log;
  readonly lane: Lane;
  /** No turn after this instant is of use. */
  readonly untilMs: number;
  /** The item as it was seen last by this process. */
  known(): QuotaState;
  see(state: QuotaState): void;
  /** True if this process was told to wait, and has reserved nothing since. */
  hasWaited(): boolean;
  noteWait(isWaiting: boolean): void;
}

/** The store is asked again after this time when it can't be had. */
const UNREACHABLE_MS = 2_000;
/** Turns that are so far apart are reserved one at a time, long before they come. */
const SLOW_INTERVAL_MS = 2 * CLOCK_SKEW_MS;
/** A turn is good for this long where no spacing has instants. */
const UNSPACED_LATE_MS = 15_000;

/** The most by which a start may be later than its turn. */
export function lateMaxMsOf({ spacing }: QuotaTerms): number {
  return spacing?.lateMaxMs ?? UNSPACED_LATE_MS;
}

/**
 * Reserves up to a number of starts; answers with the wait if there is none to be had now, and with `again` if fewer may
 * be. While the store can't be had there is none.
 * @throws StoredRowInvalid
 */
export async function reserveBlock(
  { terms, store, log, lane, untilMs, known, see, hasWaited, noteWait }: BlockDeps,
  count: number,
  nowMs: number,
): Promise<Block | NoTurn | "again"> {
  const asked = askingOf(terms, { lane, count, untilMs }, known(), nowMs);
  if (asked.kind === "shut") return asked;
  const { request, startByMaxMs } = asked;
  try {
    const answer = await store.reserve(request);
    see(answer.state);
    if (answer.kind === "refused") {
      const freeMs = request.spacing === undefined ? 0 : freeFromFor(answer.state, request.spacing);
      const leastMs = freeMs >= untilMs ? freeMs : 0;
      const againAtMs = refusedUntilMs(terms, { lane, count: request.count }, answer.state, nowMs);
      const shutUntilMs = Math.max(leastMs, againAtMs);
      if (shutUntilMs <= nowMs) return "again";
      const latecomerMs = hasWaited() ? 0 : precedenceMs(lane, request);
      noteWait(true);
      return { kind: "shut", untilMs: shutUntilMs + latecomerMs };
    }
    noteWait(false);
    const intervalMs = request.spacing?.intervalMs ?? 0;
    const turns = Array.from({ length: request.count }, (_, index): Turn => {
      const startsAtMs = answer.firstAtMs + index * intervalMs;
      return { kind: "turn", startsAtMs, startByMs: Math.min(startsAtMs + lateMaxMsOf(terms), startByMaxMs) };
    });
    return { kind: "block", turns, ...(request.day && { day: request.day.name }) };
  } catch (thrown) {
    if (!(thrown instanceof Unreachable)) throw thrown;
    log.warn("no starts could be reserved, none is made for now", { cause: thrown.message });
    return { kind: "shut", untilMs: nowMs + UNREACHABLE_MS };
  }
}

/**
 * Time for which the bulk leaves the next turn to those that have waited for one before, in ms. Else a process whose clock is
 * ahead would have each turn, while the messages of another one wait until they go round.
 */
function precedenceMs(lane: Lane, { spacing }: QuotaRequest): number {
  return lane === "records" && (spacing?.intervalMs ?? 0) >= SLOW_INTERVAL_MS ? CLOCK_SKEW_MS : 0;
}
