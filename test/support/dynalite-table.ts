import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { tableNamed } from "@sluice/core/deployment";
import type { Table } from "@sluice/core/storage";
import { createTable, startDynamoDb } from "@sluice/local/cloud";

/** A table, and the client that reaches it. */
export interface StartedTable extends Table {
  readonly client: DynamoDBClient;
  stop(): Promise<void>;
}

/** An empty table in a DynamoDB of its own. */
export async function startTable(): Promise<StartedTable> {
  const server = await startDynamoDb();
  const client = new DynamoDBClient({
    endpoint: server.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await createTable(client, tableNamed("records"));
  return { name: "records", client, stop: () => server.stop() };
}
