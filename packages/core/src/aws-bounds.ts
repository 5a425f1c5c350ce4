/*
 * Bounds of AWS that Sluice keeps, each with its source. A value of Sluice's own that merely lies within one
 * of them stands where it is used.
 */

/**
 * Longest timeout of a Lambda function.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const LAMBDA_TIMEOUT_MAX_MS: number = 900_000;

/**
 * Longest start of a Lambda function's code, before its first call.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export const LAMBDA_INIT_MAX_MS: number = 10_000;

/**
 * Least memory of a Lambda function.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const LAMBDA_MEMORY_MIN_MB: number = 128;
/** Most memory of a Lambda function, from the same source. */
export const LAMBDA_MEMORY_MAX_MB: number = 10_240;

/**
 * Most of a Lambda function's variables, names and values together.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const LAMBDA_VARIABLES_MAX_BYTES: number = 4_096;

/**
 * Largest payload of a synchronous Lambda invocation, each way.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const SYNC_PAYLOAD_MAX_BYTES: number = 6_291_556;
/** Largest payload of an asynchronous Lambda invocation, from the same source. */
export const ASYNC_PAYLOAD_MAX_BYTES: number = 1_048_576;

/**
 * Most messages that SQS takes or hands out in one call, and that a mapping of a FIFO queue hands over in one
 * batch.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html,
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export const BATCH_SIZE_MAX: number = 10;

/**
 * Least maximum concurrency of an event source mapping.
 * https://docs.aws.amazon.com/lambda/latest/api/API_ScalingConfig.html
 */
export const MAXIMUM_CONCURRENCY_MIN: number = 2;
/**
 * Largest maximum concurrency of an event source mapping, from the same source. A mapping without one has
 * 1,250 by newer AWS texts, 1,000 by older ones.
 */
export const MAXIMUM_CONCURRENCY_MAX: number = 1_000;

/**
 * Longest visibility timeout.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const VISIBILITY_TIMEOUT_MAX_MS: number = 12 * 60 * 60_000;

/**
 * Longest retention of a message.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const RETENTION_MAX_MS: number = 14 * 24 * 60 * 60_000;

/**
 * Largest message, in bytes: its body, and names, types and values of its attributes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MESSAGE_MAX_BYTES: number = 1_048_576;

/**
 * Messages of a FIFO queue that can be in flight: beyond, receives bring nothing.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html
 */
export const IN_FLIGHT_MESSAGES_MAX: number = 120_000;

/**
 * Largest receive count of a redrive policy.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export const RECEIVE_COUNT_MAX: number = 1_000;

/**
 * Shortest rate of an EventBridge schedule.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export const SCHEDULE_RATE_MIN_MS: number = 60_000;

/**
 * Write units per second that one partition of DynamoDB takes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export const PARTITION_WRITE_UNITS_PER_SECOND: number = 1_000;

/**
 * Bytes of an item that a write unit pays for.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export const WRITE_UNIT_BYTES: number = 1_024;
/** Bytes of an item that a read unit pays for, from the same source. */
export const READ_UNIT_BYTES: number = 4_096;

/**
 * Concurrent invocations of an account and region that must stay unreserved.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export const LAMBDA_UNRESERVED_MIN: number = 100;

/**
 * Days for which a log group can keep its lines.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const LOG_RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288,
  3_653,
];

/**
 * Most days into the past to which a table can be restored.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PointInTimeRecoverySpecification.html
 */
export const RECOVERY_MAX_DAYS: number = 35;

/**
 * Most tags of an object in S3, as the functions' code is until Lambda has it; other resources have up to 50.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
export const OBJECT_TAGS_MAX: number = 10;
