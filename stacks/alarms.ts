import { ENVIRONMENT_HOLD_VALUES } from "@sluice/core/deployment";
import { alarm, input, result, value } from "./alarm.ts";
import { provider } from "./deployment.ts";
import { ofFunction, ofTable, own } from "./metrics.ts";

export { alarmTopicArn } from "./alarm.ts";

// docs/operations.md explains each alarm, and the answer to it. Minutes are told late, and some never: none has to be
// there for an alarm, neither to be raised nor to be over.

/**
 * Minutes of an hour for which a breaker may keep records waiting: an outage of a provider is no emergency of Sluice's;
 * one of an hour is something to ask the provider about, also where it is back for a minute now and then.
 */
const KEPT_WAITING = { minutes: 45, outOfMinutes: 60 };
/** Trips of an hour: whoever trips so often is never well, however short each outage is. */
const TRIPS = { minutes: 3, outOfMinutes: 60 };
/**
 * Minutes in which more attempts failed on our own side than called the provider. Not in a row: while the breaker holds
 * for it, one record is tried every few minutes.
 */
const CANT_BEGIN = { minutes: 3, outOfMinutes: 20 };
/** Minutes of a hold because everything is rejected: the test behind it has seen enough. */
const ALL_REJECTED = { minutes: 1, outOfMinutes: 5 };
/** Hours after which an operator's hold is taken for forgotten: a provider's day has passed. */
const FORGOTTEN_AFTER_HOURS = 24;
/** Rounds of which one has to tell of it: where all of them are missing the waker is silent, and another alarm says so. */
const FORGOTTEN = { minutes: 1, outOfMinutes: 15 };
/**
 * Minutes without a round of the waker: a few may fail, and the next one makes up for it. The newest three may only be
 * late.
 */
const SILENT = { minutes: 8, outOfMinutes: 12 };
/** Crashes of a quarter of an hour are told as one. */
const ERRORS = { minutes: 1, outOfMinutes: 15 };
/** Throttles come and go at any load; of these there is no end. */
const THROTTLES = { minutes: 10, outOfMinutes: 15 };
/** Minutes of a standstill, at least: a deploy, or a mapping that is turned on, takes a few. */
const STANDSTILL_MIN_MINUTES = 20;
/** Minutes among those of a standstill that may be missing, or be well. */
const STANDSTILL_SPARE_MINUTES = 5;

/** Minutes of a standstill: in a flow of one call at a time, each as long as it may be, more of them see one end. */
function standstill(): { readonly minutes: number; readonly outOfMinutes: number } {
  const callMinutes = Math.ceil(provider.worker.timeoutMs / 60_000) + 1;
  const outOfMinutes = Math.max(STANDSTILL_MIN_MINUTES, (STANDSTILL_SPARE_MINUTES + 1) * callMinutes);
  return { minutes: outOfMinutes - STANDSTILL_SPARE_MINUTES, outOfMinutes };
}

// While a developer is attached nothing is as usual.
if (!$dev) {
  alarm("BreakerOpen", {
    description: `The breaker of ${provider.id} kept records waiting in ${KEPT_WAITING.minutes} of ${KEPT_WAITING.outOfMinutes} minutes`,
    queries: [value("waiting", own("KeptWaiting"), "Sum")],
    atLeast: 1,
    ...KEPT_WAITING,
    missing: "notBreaching",
  });

  alarm("BreakerTrips", {
    description: `The breaker of ${provider.id} trips again and again: ${TRIPS.minutes} times in ${TRIPS.outOfMinutes} minutes`,
    queries: [value("trips", own("Trips"), "Sum")],
    atLeast: 1,
    ...TRIPS,
    missing: "notBreaching",
  });

  alarm("WorkersCantBegin", {
    description: `Workers of ${provider.id} can't begin, or can't reach what they need: Sluice's own side is broken, not the provider`,
    queries: [value("begin", own("CantBegin"), "Sum")],
    atLeast: 1,
    ...CANT_BEGIN,
    missing: "notBreaching",
  });

  alarm("EverythingRejected", {
    description: `${provider.id} rejects everything: a wrong address, or a contract that has changed`,
    queries: [value("environment", own("EnvironmentHeld"), "Maximum")],
    atLeast: ENVIRONMENT_HOLD_VALUES["all-rejected"],
    ...ALL_REJECTED,
    missing: "notBreaching",
  });

  alarm("Standstill", {
    description: `Nothing keeps ${provider.id} from being called, and yet nothing flows`,
    queries: [value("standstill", own("Standstill"), "Sum")],
    atLeast: 1,
    ...standstill(),
    missing: "notBreaching",
  });

  alarm("HoldForgotten", {
    description: `An operator has held ${provider.id} for ${FORGOTTEN_AFTER_HOURS} hours`,
    queries: [value("age", own("OrderedHoldAge"), "Maximum")],
    atLeast: FORGOTTEN_AFTER_HOURS * 60 * 60,
    ...FORGOTTEN,
    // The age is told only in a hold. A waker that is silent for so long has an alarm of its own.
    missing: "notBreaching",
  });

  alarm("WakerSilent", {
    description: `The waker of ${provider.id} has not finished a round for ${SILENT.minutes} minutes: nobody probes`,
    queries: [
      // Of all gauges this one needs nothing but the table, and only rounds tell it.
      input("rounds", own("InFlight"), "SampleCount"),
      // A minute without a round counts from the first round that is seen on, and where none is seen nothing counts: so a
      // new alarm waits for its waker, and one that is raised stays so until there is a round again.
      result("IF(FILL(rounds, REPEAT) > 0, FILL(rounds, 0))"),
    ],
    below: 1,
    ...SILENT,
    missing: "ignore",
  });

  for (const [title, name] of [
    ["VentilatorErrors", "ventilator"],
    ["WorkerErrors", "worker"],
    ["WakerErrors", "waker"],
  ] as const) {
    alarm(title, {
      description: `The ${name} of ${provider.id} crashed or timed out`,
      queries: [value("errors", ofFunction(name, "Errors"), "Sum")],
      atLeast: 1,
      ...ERRORS,
      // A function that is not called makes no errors.
      missing: "notBreaching",
    });
  }

  alarm("AwsThrottles", {
    description: `AWS throttles the table or the ventilator of ${provider.id}: it is slower than it could be`,
    queries: [
      // The worker's throttles are starts that could not begin, and the waker's silence has an alarm.
      input("calls", ofFunction("ventilator", "Throttles"), "Sum"),
      input("reads", ofTable("ReadThrottleEvents"), "Sum"),
      input("writes", ofTable("WriteThrottleEvents"), "Sum"),
      // An alarm on DynamoDB's metrics ignores what is missing, and throttles are missing where there are none: without
      // the calls' zeros it would never be over.
      result("SUM([FILL(calls, 0), reads, writes])"),
    ],
    atLeast: 1,
    ...THROTTLES,
    missing: "notBreaching",
  });
}
