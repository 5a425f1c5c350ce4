import { LambdaClient, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";

/*
 * Runs in Lambda, which brings the SDK along, under a role that may update the mappings of one function alone. Tries to
 * update one, and tells AWS's name for what came of it.
 */

const client = new LambdaClient({ maxAttempts: 1 });

export const handler = async ({ uuid, batchSize }) => {
  try {
    await client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, BatchSize: batchSize }));
    return { answer: "accepted" };
  } catch (thrown) {
    return { answer: thrown.name };
  }
};
