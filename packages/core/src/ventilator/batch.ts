import type { ClaimRequest, PastFault } from "../ports/fetch-store.ts";
import type { Queue, ReceivedMessage } from "../ports/queue.ts";
import type { RecordMessage } from "../records/message.ts";
import type { Outcome } from "../worker/outcome.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { Disposition } from "./disposition.ts";
import type { KnownAnswers } from "./known-answers.ts";
import type { Place } from "./place.ts";

/** One invocation of the ventilator. */
export interface Batch {
  readonly messages: readonly ReceivedMessage[];
  /** The queue that the messages were received from. */
  readonly queue: Queue;
  /** Instant at which the ventilator itself is stopped. */
  readonly deadlineAtMs: number;
  /** Records in flight together. */
  readonly fanOut: number;
  /** A user waits for its records: they are the first to get a permit that becomes free. */
  readonly isUrgent?: boolean;
}

/** A record to fetch, and the queue message that asks for it. */
export interface Task {
  readonly received: ReceivedMessage;
  readonly message: RecordMessage;
  /** It runs with the one permit of a probe: a fault is no attempt of the record's, unless it is to blame. */
  readonly isProbe?: true;
  /** A user waits for it. */
  readonly isUrgent?: true;
  /** Its start costs no attempt unless its end says so. */
  readonly isFree?: true;
  /** Its place in the provider's quotas; absent where there are none. */
  readonly place?: Place;
  /** The provider's answers, as far as they were known when the task was taken up. */
  readonly known?: KnownAnswers;
}

/** The end of a task. There is an outcome only if the worker was invoked, and did not come too late for the quotas. */
export interface TaskResult {
  readonly disposition: Disposition;
  readonly outcome?: Outcome;
  /** The record's faults on this day before this attempt, or, of a fault without any, on the day before; absent if there was none. */
  readonly faults?: readonly PastFault[];
  /** The end of the record's first rejection on this day before this attempt; absent if there was none. */
  readonly firstRejectedAtMs?: number;
  /** The number of this start among the record's, from 1; absent if the record was not started. */
  readonly attempt?: number;
}

/** A task with its claim, granted. */
export interface GrantedAttempt {
  readonly task: Task;
  readonly claim: ClaimRequest;
  /** 1 for the record's first start on this provider day. */
  readonly attempt: number;
  /** The record's faults on this day before this attempt; absent if there was none. */
  readonly faults?: readonly PastFault[];
  /** Its rejections on this day before this attempt; absent if there was none. */
  readonly rejectionCount?: number;
  /** The end of the first of them. */
  readonly firstRejectedAtMs?: number;
  readonly times: BatchTimes;
}
