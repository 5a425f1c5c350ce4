import type { Service } from "../cloud/sdk/sdk-calls.ts";

/** Names under which services refuse calls for now, each as its API reference has it. */
export const THROTTLE_NAMES: Readonly<Record<Service, readonly [string, ...string[]]>> = {
  dynamodb: ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"],
  sqs: ["RequestThrottled", "ThrottlingException", "KmsThrottled", "OverLimit"],
  lambda: ["TooManyRequestsException"],
  "lambda-control": ["TooManyRequestsException", "ResourceInUseException"],
  eventbridge: ["ThrottlingException"],
};
