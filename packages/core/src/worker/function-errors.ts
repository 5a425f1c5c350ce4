import { messageOf } from "../errors.ts";

/*
 * The function errors by which a worker tells the ventilator how far it came. Lambda hands over their names alone
 * (`errorType`): https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */

/** The name of every error that ends a worker after its job has begun; such an error may have called the provider. */
export const WORKER_CRASHED = "WorkerCrashed";

/**
 * A bug of a job, under a name that no error of the worker's own loading has. Its message names the bug, its stack is
 * the bug's.
 */
export class WorkerCrashed extends Error {
  override readonly name: typeof WORKER_CRASHED = WORKER_CRASHED;

  constructor(bug: unknown) {
    super(crashMessageOf(bug), { cause: bug });
    if (bug instanceof Error && bug.stack !== undefined) this.stack = bug.stack;
  }
}

/** The text of a {@link WorkerCrashed} for a bug: its name and its message. */
export function crashMessageOf(bug: unknown): string {
  return bug instanceof Error ? `${bug.name}: ${messageOf(bug)}` : String(bug);
}

/** A request that is none, or one of another version of the contract: no job began. */
export class RequestUnreadable extends Error {
  override readonly name = "RequestUnreadable";
}

/** The name of the error of a start that is later than its quotas allow. */
const START_MISSED = "StartMissed";

/**
 * A start that comes later than the quotas of the provider allow: no job began. Its message says what the worker's clock
 * reads.
 */
export class StartMissed extends Error {
  override readonly name: typeof START_MISSED = START_MISSED;

  constructor(startByMs: number, nowMs: number) {
    super(`the start is ${Math.ceil(nowMs - startByMs)} ms too late at ${nowMs}`);
  }
}

/** The reading of the worker's clock when it missed a start; undefined for any other error. */
export function missedAtMs(errorType: string, errorMessage: string): number | undefined {
  const [, readMs] = errorType === START_MISSED ? (/ at (\d+)$/.exec(errorMessage) ?? []) : [];
  return readMs === undefined ? undefined : Number(readMs);
}

/** An invocation so late that its permit has ended: it must not call the provider, and no job began. */
export class InvokedTooLate extends Error {
  override readonly name = "InvokedTooLate";
}
