import type { Measurement } from "./measure/measurement.ts";

/** An upper bound of what a run takes. */
export interface Estimate {
  readonly minutes: number;
  readonly dollars: number;
}

/** Making and removing things, with what AWS takes to know of a new role and to delete a mapping. */
const OVERHEAD_MINUTES = 8;

/**
 * List prices of a million, the highest of the regions that publish them: requests of a FIFO queue, invocations, writes
 * and reads of the table.
 * https://aws.amazon.com/sqs/pricing/, https://aws.amazon.com/lambda/pricing/, https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
const DOLLARS_A_MILLION = { queueRequest: 0.95, invocation: 0.32, write: 1.0, read: 0.2 };
/** Of memory, for a second. */
const DOLLARS_A_GB_SECOND = 0.000_023;
const GB = 0.25;
/** That an invocation lasts, its hold and its start together. */
const SECONDS = 3;
/** A message is sent, received three times at most, and deleted. */
const REQUESTS_OF_A_MESSAGE = 5;
/** Empty receives of idle pollers, and looks at counts. */
const QUEUE_CALLS_A_MINUTE = 1_000;
/** Of the table's read units: twice a second the invocations of some seconds are read again. */
const READS_A_MINUTE = 20_000;

/** Estimates a run from above, each message in an invocation of its own. */
export function estimateOf(measurements: readonly Measurement[], rounds: number): Estimate {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const minutes = OVERHEAD_MINUTES + sum(measurements.map((one) => one.minutesMax(rounds)));
  const messages = sum(measurements.map((one) => one.messagesMax(rounds)));
  const { queueRequest, invocation, write, read } = DOLLARS_A_MILLION;
  const ofAMessage = REQUESTS_OF_A_MESSAGE * queueRequest + invocation + write + read;
  const ofCalls = minutes * (QUEUE_CALLS_A_MINUTE * queueRequest + READS_A_MINUTE * read);
  const dollars =
    (messages * ofAMessage + ofCalls) / 1_000_000 + messages * SECONDS * GB * DOLLARS_A_GB_SECOND;
  return { minutes, dollars: Math.ceil(dollars * 100) / 100 };
}
