import { Unreachable } from "../errors.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { Lane } from "../provider/lane.ts";
import type { NoTurn, Turn } from "../steering/quotas/turn.ts";
import type { Ahead, Turns } from "../steering/quotas/turns.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";

/** The place of a task in the provider's quotas: the turn in which its call is to be begun. */
export interface Place {
  /** The end of the time in which the worker may begin. */
  startByMs(): number;
  /**
   * Makes sure that there is time for a call to be begun; waits for another turn if need be. False if there is none, or if
   * nothing may start any more when it comes.
   */
  hold(): Promise<boolean>;
  /** Takes note that the worker began no call in this turn, by whose clock it was too late. */
  missed(workerReadMs: number): void;
  /** The turn, if no call was made of it. */
  unused(): Turn | undefined;
  /** Takes note that the worker is invoked in this turn. */
  use(): void;
}

/** The answer to whether a start may be made now, as far as time and gate go. */
export type MayStart = () => Promise<boolean>;

/** Makes the place of a task that has its turn. */
export function createPlace(
  first: Turn,
  turns: Turns,
  ahead: Omit<Ahead, "leftCount">,
  mayStart: MayStart,
): Place {
  let turn: Turn | undefined = first;
  let isUsed = false;
  return {
    startByMs: () => turn?.startByMs ?? 0,
    async hold() {
      if (turn !== undefined && !isUsed && turns.isInTime(turn)) return true;
      if (turn !== undefined && !isUsed) turns.putBack(turn);
      turn = undefined;
      const next = await turns.next({ ...ahead, leftCount: 1 });
      if (next.kind === "shut") return false;
      turn = next;
      isUsed = false;
      return mayStart();
    },
    use() {
      isUsed = true;
    },
    missed: turns.missed,
    unused: () => (isUsed ? undefined : turn),
  };
}

/** The places of a batch's tasks. */
export interface Places {
  /**
   * The place of the next task, when its turn has come. Never throws.
   * @param leftCount tasks that are left, it included
   * @param mayStart asked when the task waits for another turn
   */
  next(
    leftCount: number,
    mayStart: MayStart,
  ): Promise<{ readonly kind: "place"; readonly place: Place } | NoTurn>;
  /** Gives the turn of a task back of which no call was made. */
  putBack(place: Place): void;
  /** Gives back to the quotas what is left, unless others go on with the turns. Never throws. */
  end(): Promise<void>;
}

/**
 * The places of a batch in the quotas of its provider; undefined where there are none. A probe's is as urgent as any.
 * @param shared turns of a batch that works with several grants of permits; left out: of this one alone
 */
export function createPlaces(
  lane: Lane,
  { leases, isProbe }: Pick<HeldPermits, "leases" | "isProbe">,
  { takeUpUntilMs }: Pick<BatchTimes, "takeUpUntilMs">,
  { quotas, permits, clock }: Pick<VentilatorDeps, "quotas" | "permits" | "clock">,
  shared?: Turns,
): Places | undefined {
  const turnsLane = isProbe ? "express" : lane;
  const turns = shared ?? quotas?.turnsOf(turnsLane, permits.knownLimit(clock.nowMs()));
  if (quotas === undefined || turns === undefined) return undefined;
  const ahead = { permitCount: leases.length, untilMs: takeUpUntilMs };
  return {
    async next(leftCount, mayStart) {
      try {
        const turn = await turns.next({ ...ahead, leftCount });
        if (turn.kind === "turn") return { kind: "place", place: createPlace(turn, turns, ahead, mayStart) };
        quotas.shutUntil(turnsLane, turn.untilMs);
        return turn;
      } catch (thrown) {
        if (!(thrown instanceof Unreachable)) throw thrown;
        return { kind: "shut", untilMs: clock.nowMs() };
      }
    },
    putBack(place) {
      const turn = place.unused();
      if (turn !== undefined) turns.putBack(turn);
    },
    end: () => (shared === undefined ? turns.end().catch(() => {}) : Promise.resolve()),
  };
}
