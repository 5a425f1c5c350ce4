import { LANES } from "@sluice/core/provider";
import { alarm, input, result, value } from "./alarm.ts";
import { plan, provider } from "./deployment.ts";
import { ofQueue, own } from "./metrics.ts";

// docs/operations.md explains each alarm, and the answer to it.

/** Hours that a message may wait: records are due once a day, and one that waited longer would miss it. */
const OLDEST_MESSAGE_MAX_HOURS = 20;
/**
 * Minutes for which the oldest message may be too old: after a long outage an hour of flow must have made it
 * younger.
 */
const OLD_FOR_MINUTES = 60;
/** Share of the receives after which SQS moves a message to the dead letters. */
const RECEIVES_MAX_SHARE = 0.5;
const DAY_MS = 24 * 60 * 60_000;
/** Time before the end of a message's retention: enough for a long weekend. */
const EXPIRY_WARNING_MS = 4 * DAY_MS;

/** The ages of the lanes' oldest messages, in a metric expression. */
const ages = LANES.map((lane) => `FILL(${lane}, 0)`).join(", ");

// While a developer is attached nothing is as usual.
if (!$dev) {
  alarm("DeadLetters", {
    description: `Records of ${provider.id} could not be fetched`,
    queries: [value("letters", ofQueue("dead-letter", "ApproximateNumberOfMessagesVisible"), "Maximum")],
    atLeast: 1,
    minutes: 1,
    // SQS says nothing of a queue that has not been used for hours.
    missing: "notBreaching",
  });

  alarm("OldestMessage", {
    description: `Records of ${provider.id} flow, but have waited for more than ${OLDEST_MESSAGE_MAX_HOURS} hours`,
    queries: [
      ...LANES.map((lane) => input(lane, ofQueue(lane, "ApproximateAgeOfOldestMessage"), "Maximum")),
      input("phase", own("Phase"), "Maximum"),
      input("held", own("Held"), "Maximum"),
      // Waiting is right while the breaker is open, the provider has asked to be left alone, or it is held by plan.
      result(`IF(FILL(phase, REPEAT) == 0 AND FILL(held, REPEAT) == 0, MAX([${ages}]), 0)`),
    ],
    atLeast: OLDEST_MESSAGE_MAX_HOURS * 60 * 60,
    minutes: OLD_FOR_MINUTES,
    missing: "notBreaching",
  });

  alarm("ReceivedTooOften", {
    description: `A record of ${provider.id} comes again and again: SQS will give it up, whatever its attempts`,
    queries: [value("receives", own("Receives"), "Maximum")],
    atLeast: RECEIVES_MAX_SHARE * (plan.queues.records.maxReceiveCount ?? Number.POSITIVE_INFINITY),
    minutes: 1,
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
    minutes: 1,
    // SQS may say nothing of a queue that is not used; its messages grow no younger by that.
    missing: "ignore",
  });
}
