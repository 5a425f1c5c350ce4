import type { Account } from "./account.ts";
import type { FunctionSettings } from "./function-settings.ts";

/** The name of a function's log group in CloudWatch. */
export function logGroupOf(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/**
 * The environment variables of an execution environment: those that Lambda sets, then the function's own.
 * The credentials are placeholders, so that AWS clients inside can sign what they send to an emulator.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function runtimeVariables(
  account: Account,
  { name, memoryMb, environment }: FunctionSettings,
  logStreamName: string,
): Record<string, string> {
  return {
    AWS_REGION: account.region,
    AWS_DEFAULT_REGION: account.region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(name),
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    ...environment,
  };
}
