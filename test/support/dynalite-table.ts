import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { tableNamed } from "@sluice/core/deployment";
import type { Table } from "@sluice/core/storage";
import { createTable, type Emulator, startDynamoDb } from "@sluice/local/cloud";

/** A table, and the client that reaches it. */
export interface StartedTable extends Table {
  readonly client: DynamoDBClient;
  stop(): Promise<void>;
}

/** The variable with the address of a DynamoDB Local that is to stand in for dynalite. */
export const DYNAMODB_LOCAL_URL = "SLUICE_DYNAMODB_LOCAL_URL";

/** An empty table in a DynamoDB of its own. */
export async function startTable(): Promise<StartedTable> {
  const server = await startServer();
  const client = new DynamoDBClient({
    endpoint: server.url,
    region: "eu-central-1",
    // DynamoDB Local keeps the tables of each key apart; it takes letters and digits only.
    credentials: { accessKeyId: randomUUID().replaceAll("-", ""), secretAccessKey: "local" },
  });
  await createTable(client, tableNamed("records"));
  return { name: "records", client, stop: () => server.stop() };
}

async function startServer(): Promise<Emulator> {
  const url = process.env[DYNAMODB_LOCAL_URL];
  return url === undefined ? startDynamoDb() : { url, stop: async () => {} };
}
