import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { CloudEndpoints } from "./endpoints.ts";

/** The clients of a cloud. */
export interface CloudClients {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  /** Closes their connections. */
  destroy(): void;
}

/** Emulators accept any credentials; these keep the machine's own out of it. */
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** Clients for a cloud's endpoints. */
export function createClients(endpoints: CloudEndpoints, region: string): CloudClients {
  const sqs = createSqsClientFor(endpoints.sqs, region);
  const dynamodb = createDynamoDbClientFor(endpoints.dynamodb, region);
  const lambda = new LambdaClient({ endpoint: endpoints.lambda, region, credentials: CREDENTIALS });
  return {
    sqs,
    dynamodb,
    lambda,
    destroy() {
      sqs.destroy();
      dynamodb.destroy();
      lambda.destroy();
    },
  };
}

/** A client for one DynamoDB endpoint. */
export function createDynamoDbClientFor(endpoint: string, region: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region, credentials: CREDENTIALS });
}

/** A client for one SQS endpoint. */
export function createSqsClientFor(endpoint: string, region: string): SQSClient {
  return new SQSClient({ endpoint, region, credentials: CREDENTIALS, useQueueUrlAsEndpoint: false });
}
