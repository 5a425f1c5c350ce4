/** Quantities that AWS bills for a run, so far: every number only grows. */
export interface Meter {
  readonly sqs: SqsMeter;
  readonly lambda: Readonly<Record<BilledFunction, LambdaMeter>>;
  readonly table: TableMeter;
  readonly logs: LogMeter;
  /** Scheduled invocations of the waker. */
  scheduledInvocations: number;
}

/** Lines of metrics, which are what a function logs on an ordinary day. */
export interface LogMeter {
  bytes: number;
  /** Each is a metric of CloudWatch's that is paid for in the hours in which it has values. */
  readonly metricNames: Set<string>;
}

/** The functions of a provider. */
export type BilledFunction = "ventilator" | "worker" | "waker";

/** Invocations of a function, and their duration in all. */
export interface LambdaMeter {
  requests: number;
  durationMs: number;
}

/** Billable requests to SQS so far; those of more than 64 KB count several times. */
export interface SqsMeter {
  sends: number;
  /** Empty ones included. */
  receives: number;
  deletes: number;
  visibilityChanges: number;
  attributeReads: number;
}

/** Units of the on-demand table: a write per started KiB of the item, a consistent read per started 4 KiB. */
export interface TableMeter {
  writeUnits: number;
  readUnits: number;
  /** Writes that a hot key refused; they are not billed. */
  hotRefusals: number;
}

/** Makes a meter at zero. */
export function createMeter(): Meter {
  const lambda = () => ({ requests: 0, durationMs: 0 });
  return {
    sqs: createSqsMeter(),
    lambda: { ventilator: lambda(), worker: lambda(), waker: lambda() },
    table: { writeUnits: 0, readUnits: 0, hotRefusals: 0 },
    logs: { bytes: 0, metricNames: new Set() },
    scheduledInvocations: 0,
  };
}

/** Makes a meter at zero. */
export function createSqsMeter(): SqsMeter {
  return { sends: 0, receives: 0, deletes: 0, visibilityChanges: 0, attributeReads: 0 };
}

/** Every started 64 KB of a request's messages are billed as one. https://aws.amazon.com/sqs/pricing/ */
const CHUNK_BYTES = 65_536;

/** Counts a request that carries these messages; their bodies are taken for ASCII. */
export function countSqsRequests(
  meter: SqsMeter,
  kind: "sends" | "receives",
  messages: readonly { readonly body: string }[],
): void {
  const bytes = messages.reduce((sum, { body }) => sum + body.length, 0);
  meter[kind] += Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}
