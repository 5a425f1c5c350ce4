import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Table } from "@sluice/core/storage";
import { createAnswerHandler } from "./answer-handler.ts";

/**
 * The table, reached with the environment's region, credentials and endpoint. The client repeats what fails or does not
 * answer for now; every write of the stores is conditional or idempotent, so a repeated one changes nothing.
 */
export function dynamoDbTable(name: string): Table {
  return { name, client: new DynamoDBClient({ requestHandler: createAnswerHandler() }) };
}
