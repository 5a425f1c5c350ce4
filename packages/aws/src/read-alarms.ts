import {
  type CloudWatchClient,
  DescribeAlarmHistoryCommand,
  GetMetricStatisticsCommand,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import { paginateListSubscriptionsByTopic, type SNSClient } from "@aws-sdk/client-sns";
import type { AlarmReading, Reading, UntoldTopic } from "@sluice/core/ports";
import { readingOf } from "./reading.ts";

/** SQS tells a minute's age a few minutes late. */
const AGE_OVER_MS = 15 * 60_000;
const PERIOD_SECONDS = 60;
/** Actions that have the last ones of all topics of an alarm, which has two at most. */
const LAST_ACTIONS = 10;
/** The words of an action that failed: https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger */
const FAILURE = /^Failed to execute action .*? Received error: (.*)$/s;
const TOPIC = /arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+/;

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

/** The topics that an alarm could not tell when it last tried, by its history. */
export function readUntoldTopics(
  client: CloudWatchClient,
  alarmName: string,
): Promise<Reading<readonly UntoldTopic[]>> {
  return readingOf("cloudwatch:DescribeAlarmHistory", async () => {
    const { AlarmHistoryItems = [] } = await client.send(
      new DescribeAlarmHistoryCommand({
        AlarmName: alarmName,
        HistoryItemType: "Action",
        ScanBy: "TimestampDescending",
        MaxRecords: LAST_ACTIONS,
      }),
    );
    const causes = new Map<string, string | undefined>();
    for (const { HistorySummary = "" } of AlarmHistoryItems) {
      const [topicArn] = TOPIC.exec(HistorySummary) ?? [];
      // The first one is the newest.
      if (topicArn === undefined || causes.has(topicArn)) continue;
      causes.set(topicArn, FAILURE.exec(HistorySummary)?.[1]?.replaceAll(/\s+/g, " "));
    }
    return [...causes].flatMap(([topicArn, cause]) => (cause === undefined ? [] : [{ topicArn, cause }]));
  });
}
