import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";

/** What a baseline is asked: to answer at once, or to read an item of a table first. */
export interface BaselineEvent {
  readonly readFrom?: string;
}

const dynamodb = new DynamoDBClient();
const others = [new LambdaClient(), new SQSClient()];

/** The least that a function with these AWS clients can do. */
export async function handler({ readFrom }: BaselineEvent): Promise<{ readonly clientCount: number }> {
  if (readFrom !== undefined) {
    const Key = { pk: { S: "baseline" }, sk: { S: "baseline" } };
    await dynamodb.send(new GetItemCommand({ TableName: readFrom, Key }));
  }
  return { clientCount: 1 + others.length };
}
