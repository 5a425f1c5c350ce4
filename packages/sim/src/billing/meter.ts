import { createSqsMeter, type SqsMeter } from "./sqs-meter.ts";

/** What AWS would bill for a run so far; every number only grows. CloudWatch is left out. */
export interface Meter {
  readonly sqs: SqsMeter;
  readonly lambda: Readonly<Record<BilledFunction, LambdaMeter>>;
  readonly table: TableMeter;
  /** Scheduled invocations of the waker. */
  scheduledInvocations: number;
}

/** The functions of a provider. */
export type BilledFunction = "ventilator" | "worker" | "waker";

/** Invocations of a function, and how long they ran in all. */
export interface LambdaMeter {
  requests: number;
  durationMs: number;
}

/** Units of the on-demand table: a write per started KiB of the item, a consistent read per started 4 KiB. */
export interface TableMeter {
  writeUnits: number;
  readUnits: number;
  /** Writes that a hot key refused; they are not billed. */
  hotRefusals: number;
}

/** Starts at nothing. */
export function createMeter(): Meter {
  const lambda = () => ({ requests: 0, durationMs: 0 });
  return {
    sqs: createSqsMeter(),
    lambda: { ventilator: lambda(), worker: lambda(), waker: lambda() },
    table: { writeUnits: 0, readUnits: 0, hotRefusals: 0 },
    scheduledInvocations: 0,
  };
}
