import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";

/** The event of a baseline: it answers at once, or reads an item of a table first. */
export interface BaselineEvent {
  readonly readFrom?: string;
}

const dynamodb = new DynamoDBClient();
const others = [new LambdaClient(), new SQSClient()];

/** The baseline: a handler that has the ventilator's AWS clients and next to nothing else. */
export async function handler({ readFrom }: BaselineEvent): Promise<{ readonly clientCount: number }> {
  if (readFrom !== undefined) {
    const Key = { pk: { S: "baseline" }, sk: { S: "baseline" } };
    await dynamodb.send(new GetItemCommand({ TableName: readFrom, Key }));
  }
  return { clientCount: 1 + others.length };
}
