import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Table } from "@sluice/core/storage";
import { createAnswerHandler } from "./answer-handler.ts";

/**
 * The table, reached with the environment's region, credentials and endpoint. The client repeats what fails or does not
 * answer for now; every write that the stores send with it is conditional or idempotent, so a repeated one changes
 * nothing.
 */
export function dynamoDbTable(name: string): Table {
  const requestHandler = createAnswerHandler();
  const client = new DynamoDBClient({ requestHandler });
  const { credentials } = client.config;
  return { name, client, onceClient: new DynamoDBClient({ requestHandler, credentials, maxAttempts: 1 }) };
}
