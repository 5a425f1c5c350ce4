import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";

/** The clients of the services that a run calls. */
export interface Clients {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly iam: IAMClient;
  readonly sts: STSClient;
}

/** Nobody waits for a call for longer: AWS answers within seconds, a long poll included. */
const REQUEST_HANDLER = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true };
const ATTEMPTS_MAX = 5;

/** Clients with the environment's credentials and endpoints. */
export function createClients(region: string): Clients {
  const config = { region, maxAttempts: ATTEMPTS_MAX, requestHandler: REQUEST_HANDLER };
  return {
    sqs: new SQSClient(config),
    dynamodb: new DynamoDBClient(config),
    lambda: new LambdaClient(config),
    iam: new IAMClient(config),
    sts: new STSClient(config),
  };
}

/** Closes their connections. */
export function destroyAll(clients: Clients): void {
  for (const client of Object.values(clients)) client.destroy();
}
