import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TablePlan } from "@sluice/core/deployment";

/** Creates the one table, as planned. Nothing expires in an emulator. */
export async function createTable(client: DynamoDBClient, plan: TablePlan): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: plan.name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: plan.partitionKey, AttributeType: "S" },
        { AttributeName: plan.sortKey, AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: plan.partitionKey, KeyType: "HASH" },
        { AttributeName: plan.sortKey, KeyType: "RANGE" },
      ],
    }),
  );
}
