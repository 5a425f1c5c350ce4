import { ENVIRONMENT_HOLD_VALUES, HOLD_VALUES, PHASE_VALUES } from "@sluice/core/deployment";
import { alarm, input, result, value } from "./alarm.ts";
import { provider } from "./deployment.ts";
import { ofFunction, own } from "./metrics.ts";

export { alarmTopicArn } from "./alarm.ts";

// docs/operations.md explains each alarm, and the answer to it.

/**
 * Minutes for which a breaker may be open: an outage of a provider is no emergency of Sluice's; one of an
 * hour is something to ask the provider about.
 */
const OPEN_MAX_MINUTES = 60;
/**
 * Minutes in which more attempts could not begin than did. Not in a row: while the breaker holds for it, one record is
 * tried every few minutes.
 */
const CANT_BEGIN_MINUTES = 3;
const CANT_BEGIN_OUT_OF_MINUTES = 20;
/** Minutes of a hold because everything is rejected: the test behind it has seen enough. */
const ALL_REJECTED_MINUTES = 1;
/** Hours after which an operator's hold is taken for forgotten: a provider's day has passed. */
const FORGOTTEN_AFTER_HOURS = 24;
/** The outcomes of attempts that began. */
const STARTED = ["Ok", "Slow", "Fault", "Throttled", "Rejected"] as const;
/** Minutes without a round of the waker: a round or two may fail, and the next one makes up for it. */
const SILENT_MAX_MINUTES = 5;

/** The attempts that began, in a metric expression. */
const started = STARTED.map((outcome) => `FILL(${outcome.toLowerCase()}, 0)`).join(" + ");

// While a developer is attached nothing is as usual.
if (!$dev) {
  alarm("BreakerOpen", {
    description: `The breaker of ${provider.id} keeps records waiting for ${OPEN_MAX_MINUTES} minutes`,
    queries: [
      input("phase", own("Phase"), "Minimum"),
      input("backlog", own("Backlog"), "Minimum"),
      input("environment", own("EnvironmentHeld"), "Maximum"),
      input("held", own("Held"), "Maximum"),
      // Half-open with nothing to probe with, the breaker waits for a record, and nobody waits for it; an outage of
      // Sluice's own side has an alarm of its own, and nothing probes in a hold by plan: an operator's, a closed window, a quota that is used up.
      result(
        `IF(FILL(environment, 0) > 0 OR FILL(held, 0) == ${HOLD_VALUES.planned}, 0, IF(phase == ${PHASE_VALUES.open} OR backlog > 0, phase, 0))`,
      ),
    ],
    atLeast: PHASE_VALUES["half-open"],
    minutes: OPEN_MAX_MINUTES,
    // Silence says nothing about the phase; there is an alarm for silence.
    missing: "ignore",
  });

  alarm("WorkersCantBegin", {
    description: `Workers of ${provider.id} can't begin: Sluice's own side is broken, not the provider`,
    queries: [
      input("environment", own("EnvironmentHeld"), "Maximum"),
      input("unstarted", own("Unstarted"), "Sum"),
      ...STARTED.map((outcome) => input(outcome.toLowerCase(), own(outcome), "Sum")),
      result(
        `IF(FILL(environment, 0) == ${ENVIRONMENT_HOLD_VALUES["cant-begin"]} OR FILL(unstarted, 0) > ${started}, 1, 0)`,
      ),
    ],
    atLeast: 1,
    minutes: CANT_BEGIN_MINUTES,
    outOfMinutes: CANT_BEGIN_OUT_OF_MINUTES,
    missing: "notBreaching",
  });

  alarm("EverythingRejected", {
    description: `${provider.id} rejects everything: a wrong address, or a contract that has changed`,
    queries: [value("environment", own("EnvironmentHeld"), "Maximum")],
    atLeast: ENVIRONMENT_HOLD_VALUES["all-rejected"],
    minutes: ALL_REJECTED_MINUTES,
    missing: "notBreaching",
  });

  alarm("HoldForgotten", {
    description: `An operator has held ${provider.id} for ${FORGOTTEN_AFTER_HOURS} hours`,
    queries: [value("age", own("OrderedHoldAge"), "Maximum")],
    atLeast: FORGOTTEN_AFTER_HOURS * 60 * 60,
    minutes: 1,
    // Silence says nothing about the hold; there is an alarm for silence.
    missing: "ignore",
  });

  alarm("WakerSilent", {
    description: `The waker of ${provider.id} has not finished a round for ${SILENT_MAX_MINUTES} minutes: nobody probes`,
    queries: [value("rounds", own("Backlog"), "SampleCount")],
    below: 1,
    minutes: SILENT_MAX_MINUTES,
    missing: "breaching",
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
      minutes: 1,
      // A function that is not called makes no errors.
      missing: "notBreaching",
    });
  }
}
