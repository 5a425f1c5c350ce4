/**
 * List prices in us-east-1 in US dollars, without free tiers and volume discounts, as of November 2026; check them
 * before quoting. Sources:
 * - Lambda on arm64: https://aws.amazon.com/lambda/pricing/
 * - SQS FIFO: https://aws.amazon.com/sqs/pricing/
 * - DynamoDB on demand (since 2024-11-01), its storage and its point-in-time recovery:
 *   https://aws.amazon.com/dynamodb/pricing/on-demand/
 * - EventBridge Scheduler: https://aws.amazon.com/eventbridge/pricing/
 * - CloudWatch's logs, metrics, alarms and dashboards: https://aws.amazon.com/cloudwatch/pricing/
 * - X-Ray: https://aws.amazon.com/xray/pricing/
 * - Kinesis, provisioned: https://aws.amazon.com/kinesis/data-streams/pricing/
 */
export const PRICES_USD = {
  lambdaRequest: 0.2e-6,
  lambdaGbSecond: 0.0000133334,
  sqsRequest: 0.5e-6,
  dynamodbWriteUnit: 0.625e-6,
  dynamodbReadUnit: 0.125e-6,
  dynamodbGbMonth: 0.25,
  dynamodbRecoveryGbMonth: 0.2,
  schedulerInvocation: 1e-6,
  logGb: 0.5,
  logGbMonth: 0.03,
  metricMonth: 0.3,
  /** Of each metric that an alarm looks at. */
  alarmMetricMonth: 0.1,
  dashboardMonth: 3,
  trace: 5e-6,
  kinesisShardHour: 0.015,
  /** A payload unit is a started 25 KB of one record. */
  kinesisPutPayloadUnit: 0.014e-6,
} as const;
