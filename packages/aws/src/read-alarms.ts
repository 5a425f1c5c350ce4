import {
  type CloudWatchClient,
  GetMetricStatisticsCommand,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import { paginateListSubscriptionsByTopic, type SNSClient } from "@aws-sdk/client-sns";
import type { AlarmReading, Reading } from "@sluice/core/ports";
import { readingOf } from "./reading.ts";

/** SQS tells a minute's age a few minutes late. */
const AGE_OVER_MS = 15 * 60_000;
const PERIOD_SECONDS = 60;

/** The age of a queue's oldest message, in ms, as SQS told it last; undefined if it has told nothing of late. */
export function readOldestMessageAge(
  client: CloudWatchClient,
  queue: string,
  nowMs: number,
): Promise<Reading<number | undefined>> {
  return readingOf("cloudwatch:GetMetricStatistics", async () => {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/SQS",
        MetricName: "ApproximateAgeOfOldestMessage",
        Dimensions: [{ Name: "QueueName", Value: queue }],
        StartTime: new Date(nowMs - AGE_OVER_MS),
        EndTime: new Date(nowMs),
        Period: PERIOD_SECONDS,
        Statistics: ["Maximum"],
      }),
    );
    const timeOf = ({ Timestamp }: { Timestamp?: Date | undefined }) => Timestamp?.getTime() ?? 0;
    const [last] = Datapoints.toSorted((one, other) => timeOf(other) - timeOf(one));
    return last?.Maximum === undefined ? undefined : last.Maximum * 1_000;
  });
}

/** The alarms whose names begin so, without that beginning. */
export function readAlarms(
  client: CloudWatchClient,
  prefix: string,
): Promise<Reading<readonly AlarmReading[]>> {
  return readingOf("cloudwatch:DescribeAlarms", async () => {
    const alarms: AlarmReading[] = [];
    const pages = paginateDescribeAlarms(
      { client },
      { AlarmNamePrefix: prefix, AlarmTypes: ["MetricAlarm"] },
    );
    for await (const { MetricAlarms = [] } of pages) {
      for (const { AlarmName = "", StateValue, ActionsEnabled, AlarmActions = [] } of MetricAlarms) {
        alarms.push({
          name: AlarmName.slice(prefix.length),
          isRaised: StateValue === "ALARM",
          topicArns: ActionsEnabled === false ? [] : AlarmActions,
        });
      }
    }
    return alarms;
  });
}

/** Those who have subscribed to a topic, and confirmed it: until then they have no ARN. */
export function readSubscriberCount(client: SNSClient, topicArn: string): Promise<Reading<number>> {
  return readingOf("sns:ListSubscriptionsByTopic", async () => {
    let count = 0;
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
      { client },
      { TopicArn: topicArn },
    )) {
      count += Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn?.startsWith("arn:")).length;
    }
    return count;
  });
}
