import type { Claim } from "../ports/fetch-store.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import type { RecordMessage } from "../records/message.ts";
import type { Outcome } from "../worker/outcome.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { Disposition } from "./disposition.ts";

/** A record to fetch, and the queue message that asks for it. */
export interface Task {
  readonly received: ReceivedMessage;
  readonly message: RecordMessage;
  /** Whether the record is the breaker's probe: a fault then speaks of the provider, and is no attempt of the record's. */
  readonly isProbe: boolean;
  /** When anyone last reported a success, as far as was known at the start. */
  readonly lastOkAtMs?: number;
}

/** What came of a task. There is an outcome only if the worker was invoked. */
export interface TaskResult {
  readonly disposition: Disposition;
  readonly outcome?: Outcome;
  /** When the record had first met a fault on this day, before this attempt. */
  readonly firstFaultAtMs?: number;
  /** Which start of the record this was; absent if it was none. */
  readonly attempt?: number;
}

/** A granted claim. */
export interface GrantedAttempt {
  readonly task: Task;
  readonly claim: Claim;
  /** 1 for the record's first start on this provider day. */
  readonly attempt: number;
  /** When the record had first met a fault on this day, before this attempt. */
  readonly firstFaultAtMs?: number;
  readonly times: BatchTimes;
}
