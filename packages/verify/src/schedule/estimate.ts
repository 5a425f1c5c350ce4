import type { Duration } from "../measure/measurement.ts";
import { inTurn, MAKING, measuringOf, REMOVING } from "./remaining.ts";
import { lanesOf, measurementsOf, type Schedule } from "./schedule.ts";

/** The time that a run takes, and an upper bound of its cost. */
export interface Estimate extends Duration {
  readonly dollars: number;
}

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
/** Of the table's read units: each second the invocations of some seconds are read again. */
const READS_A_MINUTE = 10_000;

/** Estimates a run by its critical path, and its cost from above, each message in an invocation of its own. */
export function estimateOf(schedule: Schedule): Estimate {
  const duration = inTurn([MAKING, measuringOf(schedule), REMOVING]);
  const measurements = measurementsOf(schedule);
  const messages = measurements.reduce((sum, one) => sum + one.messagesMax(schedule.rounds), 0);
  const { queueRequest, invocation, write, read } = DOLLARS_A_MILLION;
  const ofAMessage = REQUESTS_OF_A_MESSAGE * queueRequest + invocation + write + read;
  const ofAMinute = QUEUE_CALLS_A_MINUTE * queueRequest + READS_A_MINUTE * read;
  const benches = Math.max(0, ...lanesOf(schedule).map((lane) => lane.benches.length));
  const ofCalls = duration.mostMinutes * benches * ofAMinute;
  const dollars =
    (messages * ofAMessage + ofCalls) / 1_000_000 + messages * SECONDS * GB * DOLLARS_A_GB_SECOND;
  return { ...duration, dollars: Math.ceil(dollars * 100) / 100 };
}
