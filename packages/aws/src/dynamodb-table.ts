import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClientResolvedConfig } from "@aws-sdk/client-sqs";
import type { Table } from "@sluice/core/storage";
import { createAnswerHandler } from "./answer-handler.ts";

/**
 * The table, reached with the environment's region, credentials and endpoint. The client repeats what fails or does not
 * answer for now; every write that the stores send with it is conditional or idempotent, so a repeated one changes
 * nothing.
 * @param like the settings of another client, whose region and credentials are used then
 * @param endpoint by default the environment's
 */
export function dynamoDbTable(
  name: string,
  like?: Pick<SQSClientResolvedConfig, "region" | "credentials">,
  endpoint?: string,
): Table {
  const requestHandler = createAnswerHandler();
  const given = {
    ...(like && { region: like.region, credentials: like.credentials }),
    ...(endpoint !== undefined && { endpoint }),
  };
  const client = new DynamoDBClient({ requestHandler, ...given });
  const { credentials } = client.config;
  return {
    name,
    client,
    onceClient: new DynamoDBClient({ requestHandler, ...given, credentials, maxAttempts: 1 }),
  };
}
