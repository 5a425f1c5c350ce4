import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Table } from "@sluice/core/records/table";
import { createTable } from "@sluice/local/cloud/create-table";
import { startDynamoDb } from "@sluice/local/cloud/dynamodb";

/** An empty table in a DynamoDB of its own. */
export async function startTable(): Promise<Table & { stop(): Promise<void> }> {
  const server = await startDynamoDb();
  const client = new DynamoDBClient({
    endpoint: server.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await createTable(client, "records");
  return { name: "records", client, stop: () => server.stop() };
}
