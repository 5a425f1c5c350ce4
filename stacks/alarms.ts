import { PHASE_VALUES } from "@sluice/core/deployment";
import { LANES } from "@sluice/core/provider";
import { plan, provider } from "./deployment.ts";
import { type MetricAddress, ofFunction, ofQueue, own } from "./metrics.ts";

// docs/operations.md explains each alarm, and the answer to it.

/**
 * Minutes for which a breaker may be open: an outage of a provider is no emergency of Sluice's; one of an
 * hour is something to ask the provider about.
 */
const OPEN_MAX_MINUTES = 60;
/** Hours that a message may wait: records are due once a day, and one that waited longer would miss it. */
const OLDEST_MESSAGE_MAX_HOURS = 20;
/**
 * Minutes for which the oldest message may be too old: after a long outage an hour of flow must have made it
 * younger.
 */
const OLD_FOR_MINUTES = 60;
/** Minutes without a round of the waker: a round or two may fail, and the next one makes up for it. */
const SILENT_MAX_MINUTES = 5;

/** The topic of all alarms, for people to subscribe to. No key of its own: CloudWatch could not use it. */
export const alarmTopic = new aws.sns.Topic("AlarmTopic", { name: `${plan.names.table}-alarms` });

/** The ages of the lanes' oldest messages, in a metric expression. */
const ages = LANES.map((lane) => `FILL(${lane}, 0)`).join(", ");

// While a developer is attached nothing is as usual.
if (!$dev) {
  alarm("BreakerOpen", {
    description: `The breaker of ${provider.id} keeps records waiting for ${OPEN_MAX_MINUTES} minutes`,
    queries: [
      input("phase", own("Phase"), "Minimum"),
      input("backlog", own("Backlog"), "Minimum"),
      // Half-open with nothing to probe with, the breaker waits for a record; nobody waits for it.
      result(`IF(phase == ${PHASE_VALUES.open} OR backlog > 0, phase, 0)`),
    ],
    atLeast: PHASE_VALUES["half-open"],
    minutes: OPEN_MAX_MINUTES,
    // Silence says nothing about the phase; there is an alarm for silence.
    missing: "ignore",
  });

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
      // Waiting is right while the breaker is open, or the provider has asked to be left alone.
      result(`IF(FILL(phase, REPEAT) == 0 AND FILL(held, REPEAT) == 0, MAX([${ages}]), 0)`),
    ],
    atLeast: OLDEST_MESSAGE_MAX_HOURS * 60 * 60,
    minutes: OLD_FOR_MINUTES,
    missing: "notBreaching",
  });

  alarm("WakerSilent", {
    description: `The waker of ${provider.id} has not finished a round for ${SILENT_MAX_MINUTES} minutes: nobody probes`,
    queries: [value("rounds", own("Backlog"), "SampleCount")],
    below: 1,
    minutes: SILENT_MAX_MINUTES,
    missing: "breaching",
  });

  for (const name of ["ventilator", "worker", "waker"] as const) {
    alarm(`${name.charAt(0).toUpperCase()}${name.slice(1)}Errors`, {
      description: `The ${name} of ${provider.id} crashed or timed out`,
      queries: [value("errors", ofFunction(name, "Errors"), "Sum")],
      atLeast: 1,
      minutes: 1,
      // A function that is not called makes no errors.
      missing: "notBreaching",
    });
  }
}

type Query = aws.types.input.cloudwatch.MetricAlarmMetricQuery;
type Statistic = "Minimum" | "Maximum" | "Sum" | "SampleCount";

/** An alarm over minutes in a row. */
interface AlarmArgs {
  readonly description: string;
  readonly queries: readonly Query[];
  readonly atLeast?: number;
  readonly below?: number;
  readonly minutes: number;
  /** The state that a minute without data counts as. */
  readonly missing: "breaching" | "notBreaching" | "ignore";
}

function alarm(name: string, { description, queries, atLeast, below, minutes, missing }: AlarmArgs): void {
  const isBelow = atLeast === undefined;
  new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    name: `${plan.names.table}-${name}`,
    alarmDescription: `${description}. See docs/operations.md.`,
    metricQueries: [...queries],
    comparisonOperator: isBelow ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
    threshold: isBelow ? below : atLeast,
    evaluationPeriods: minutes,
    datapointsToAlarm: minutes,
    treatMissingData: missing,
    alarmActions: [alarmTopic.arn],
    okActions: [alarmTopic.arn],
  });
}

/** The series that an alarm looks at. */
function value(id: string, metric: MetricAddress, stat: Statistic): Query {
  return { ...input(id, metric, stat), returnData: true };
}

/** A series that only a {@link result} looks at. */
function input(id: string, metric: MetricAddress, stat: Statistic): Query {
  return { id, metric: { ...metric, period: 60, stat }, returnData: false };
}

/** The series that is worked out of {@link input}s. */
function result(expression: string): Query {
  return { id: "result", expression, returnData: true };
}
