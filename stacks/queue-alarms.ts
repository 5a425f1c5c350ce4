import { longestClosureMs } from "@sluice/core/steering";
import { alarm, value } from "./alarm.ts";
import { plan, provider } from "./deployment.ts";
import { ofQueue, own } from "./metrics.ts";

// docs/operations.md explains each alarm, and the answer to it.

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Time that a message may wait while the provider may be called: records are due once a day, and one that waited longer would miss it. */
const WAIT_MAX_MS = 20 * HOUR_MS;
/** Minutes of an hour in which messages come that waited longer. A straggler comes in a few. */
const OLD = { minutes: 30, outOfMinutes: 60 };
/** Letters are told once, until there has been none for so long. */
const NEW_LETTERS = { minutes: 1, outOfMinutes: 60 };
/** Letters of a minute that are no single records any more. */
const FLOOD_LETTERS = 10;
const FLOOD = { minutes: 5, outOfMinutes: 15 };
/** Minutes in which a message comes again that comes once an hour only, and is late. */
const RECEIVED = { minutes: 1, outOfMinutes: 90 };
/** Share of the receives after which SQS moves a message to the dead letters. */
const RECEIVES_MAX_SHARE = 0.5;
/** Time before the end of a message's retention: enough for a long weekend. */
const EXPIRY_WARNING_MS = 4 * DAY_MS;
const EXPIRING = { minutes: 1, outOfMinutes: 5 };

/** Age from which a message is too old: where the contract closes the provider for long, waiting for that is right. */
const oldFromMs = Math.min(WAIT_MAX_MS + longestClosureMs(provider), plan.queues.records.retentionMs);

// While a developer is attached nothing is as usual.
if (!$dev) {
  alarm("DeadLetters", {
    description: `Records of ${provider.id} could not be fetched`,
    queries: [value("letters", ofQueue("dead-letter", "NumberOfMessagesSent"), "Sum")],
    atLeast: 1,
    ...NEW_LETTERS,
    // SQS says nothing of a queue that has not been used for hours.
    missing: "notBreaching",
  });

  alarm("DeadLettersFlood", {
    description: `Many records of ${provider.id} could not be fetched: ${FLOOD_LETTERS} or more in each of ${FLOOD.minutes} minutes`,
    queries: [value("letters", ofQueue("dead-letter", "NumberOfMessagesSent"), "Sum")],
    atLeast: FLOOD_LETTERS,
    ...FLOOD,
    missing: "notBreaching",
  });

  alarm("OldestMessage", {
    description: `Records of ${provider.id} flow, but have waited for more than ${Math.round(oldFromMs / HOUR_MS)} hours`,
    // Told by batches, so that what waits because it has to is not counted.
    queries: [value("age", own("OldestMessageAge"), "Maximum")],
    atLeast: oldFromMs / 1_000,
    ...OLD,
    missing: "notBreaching",
  });

  alarm("ReceivedTooOften", {
    description: `A record of ${provider.id} comes again and again: SQS will give it up, whatever its attempts`,
    queries: [value("receives", own("Receives"), "Maximum")],
    atLeast: RECEIVES_MAX_SHARE * (plan.queues.records.maxReceiveCount ?? Number.POSITIVE_INFINITY),
    ...RECEIVED,
    // Receives are told only where they are too many.
    missing: "notBreaching",
  });

  expiryAlarm("Records", "records", plan.queues.records.retentionMs);
  expiryAlarm("Express", "express", plan.queues.express.retentionMs);
  expiryAlarm("DeadLetters", "dead-letter", plan.deadLetterQueue.retentionMs);
}

/**
 * Warns before SQS deletes what a queue has held for its whole retention: nothing stops that clock, whatever the
 * breaker's phase.
 */
function expiryAlarm(
  name: "Records" | "Express" | "DeadLetters",
  queue: Parameters<typeof ofQueue>[0],
  retentionMs: number,
): void {
  alarm(`${name}Expiring`, {
    description: `In ${EXPIRY_WARNING_MS / DAY_MS} days SQS deletes messages of ${provider.id}'s ${queue} queue`,
    queries: [value("age", ofQueue(queue, "ApproximateAgeOfOldestMessage"), "Maximum")],
    atLeast: (retentionMs - EXPIRY_WARNING_MS) / 1_000,
    ...EXPIRING,
    // SQS may say nothing of a queue that is not used; its messages grow no younger by that.
    missing: "ignore",
  });
}
