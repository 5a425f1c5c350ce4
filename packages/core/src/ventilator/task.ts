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
