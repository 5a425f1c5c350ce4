import type { AlarmName } from "@sluice/core/deployment";
import { plan, settings } from "./deployment.ts";
import { kmsKeyArn } from "./encryption.ts";
import type { MetricAddress } from "./metrics.ts";

const { topicArn, wake } = settings.alarms;

/**
 * ARN of the topic of all alarms, for people to subscribe to: the environment's, or the stage's own. That one is encrypted by
 * the environment's key alone, whose policy lets CloudWatch use it: SNS's own key could not be used by it.
 */
export const alarmTopicArn: $util.Input<string> =
  topicArn ??
  new aws.sns.Topic("AlarmTopic", {
    name: `${plan.names.table}-alarms`,
    ...(kmsKeyArn !== undefined && { kmsMasterKeyId: kmsKeyArn }),
  }).arn;

/** A series, or an expression over series. */
export type Query = aws.types.input.cloudwatch.MetricAlarmMetricQuery;
/** The figure that a minute of a series comes to. */
export type Statistic = "Minimum" | "Maximum" | "Sum" | "SampleCount";

/** An alarm over minutes. */
export interface AlarmArgs {
  readonly description: string;
  readonly queries: readonly Query[];
  readonly atLeast?: number;
  readonly below?: number;
  /** Minutes that have to be bad. */
  readonly minutes: number;
  /** Minutes among which those are looked for; absent: they are in a row. */
  readonly outOfMinutes?: number;
  /** The state that a minute without data counts as. */
  readonly missing: "breaching" | "notBreaching" | "ignore";
}

/** Makes an alarm that reaches the topic when it is raised and when it is over. docs/operations.md explains each. */
export function alarm(name: AlarmName, args: AlarmArgs): void {
  const { description, queries, atLeast, below, minutes, outOfMinutes = minutes, missing } = args;
  const isBelow = atLeast === undefined;
  const topics = [alarmTopicArn, ...(wake?.names.includes(name) ? [wake.topicArn] : [])];
  new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    name: `${plan.names.table}-${name}`,
    alarmDescription: `${description}. See docs/operations.md.`,
    metricQueries: [...queries],
    comparisonOperator: isBelow ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
    threshold: isBelow ? below : atLeast,
    evaluationPeriods: outOfMinutes,
    datapointsToAlarm: minutes,
    treatMissingData: missing,
    alarmActions: topics,
    okActions: topics,
  });
}

/** The series that an alarm looks at. */
export function value(id: string, metric: MetricAddress, stat: Statistic): Query {
  return { ...input(id, metric, stat), returnData: true };
}

/** A series that only a {@link result} looks at. */
export function input(id: string, metric: MetricAddress, stat: Statistic): Query {
  return { id, metric: { ...metric, period: 60, stat }, returnData: false };
}

/** The series that is worked out of {@link input}s. */
export function result(expression: string): Query {
  return { id: "result", expression, returnData: true };
}
