import type { Outcome } from "../worker/outcome.ts";

/** The attempts of a batch whose worker could not begin, and the most frequent cause. */
export interface Unstarted {
  readonly count: number;
  /** Absent without any. Of causes that are as frequent, the first. */
  readonly cause?: string;
}

/** Counts attempts that could not begin. */
export interface UnstartedCounter {
  /** Takes note of an outcome; one of an attempt that began is not counted. */
  add(outcome: Outcome): void;
  total(): Unstarted;
}

/** Longest cause that is told, in characters: it may quote a whole stack. */
const CAUSE_MAX_CHARACTERS = 300;

/** Makes a counter at zero. */
export function createUnstartedCounter(): UnstartedCounter {
  const countsByCause = new Map<string, number>();
  return {
    add(outcome) {
      if (outcome.kind !== "unavailable" || outcome.fate !== "unstarted") return;
      const cause = outcome.cause.slice(0, CAUSE_MAX_CHARACTERS);
      countsByCause.set(cause, (countsByCause.get(cause) ?? 0) + 1);
    },
    total() {
      const count = [...countsByCause.values()].reduce((sum, each) => sum + each, 0);
      const [most] = [...countsByCause].toSorted(([, one], [, other]) => other - one);
      return most === undefined ? { count } : { count, cause: most[0] };
    },
  };
}
