import type { CallEnd } from "./execution-environment.ts";

/** The counts of a function since it was first deployed, and its state now. */
export interface FunctionStats {
  /** Execution environments of the present version that are alive, busy or idle. */
  readonly environmentCount: number;
  /** Execution environments of earlier versions that are alive still: each ends with its call. */
  readonly retiringCount: number;
  /** Calls running now, also those in environments of earlier versions. */
  readonly runningCount: number;
  readonly invocationCount: number;
  readonly coldStartCount: number;
  /** Handlers that threw, and bundles that could not be loaded. */
  readonly errorCount: number;
  readonly timeoutCount: number;
  /** Environments that ended by themselves: exit, uncaught error, unhandled rejection, out of memory. */
  readonly crashCount: number;
  /** Environments that were killed on purpose. */
  readonly killCount: number;
  readonly throttleCount: number;
}

/** The part of the statistics that only grows. */
export type FunctionCounters = {
  -readonly [Key in Exclude<
    keyof FunctionStats,
    "environmentCount" | "retiringCount" | "runningCount"
  >]: number;
};

/** All counters at zero. */
export function createFunctionCounters(): FunctionCounters {
  return {
    invocationCount: 0,
    coldStartCount: 0,
    errorCount: 0,
    timeoutCount: 0,
    crashCount: 0,
    killCount: 0,
    throttleCount: 0,
  };
}

/** Counts a call by its end; the end of an environment is counted by the set that holds it. */
export function countEnd(counters: FunctionCounters, end: CallEnd): void {
  counters.invocationCount += 1;
  if (end.kind === "threw" || end.kind === "init-failed") counters.errorCount += 1;
  if (end.kind === "timed-out") counters.timeoutCount += 1;
}
