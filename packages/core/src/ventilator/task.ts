import type { ReceivedMessage } from "../ports/queue.ts";
import type { RecordMessage } from "../records/message.ts";
import type { Outcome } from "../records/outcome.ts";
import type { Disposition } from "./disposition.ts";

/** A record to fetch, and the queue message that asks for it. */
export interface Task {
  readonly received: ReceivedMessage;
  readonly message: RecordMessage;
}

/** What came of a task. There is an outcome only if the worker was invoked. */
export interface TaskResult {
  readonly disposition: Disposition;
  readonly outcome?: Outcome;
}

/** Instants that bound the tasks of a batch. */
export interface BatchTimes {
  /** Until then claims and permits hold; nobody else may start the record before. */
  readonly leaseUntilMs: number;
  /** Until then the ventilator itself can write. */
  readonly writeUntilMs: number;
}
