import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

/*
 * Runs in Lambda, which brings the SDK along. Notes each batch that it is handed, and holds it for as long as its
 * messages say. To who calls it without one it tells the time, and tries its right to write if it is asked to.
 */

const client = new DynamoDBClient({ maxAttempts: 8 });

export const handler = async (event, context) => {
  const startedAtMs = Date.now();
  if (event.isProbe) await put({ pk: { S: "probe" }, sk: { S: context.awsRequestId } });
  if (event.Records === undefined) {
    await new Promise((resolve) => setTimeout(resolve, event.holdMs));
    return { nowMs: startedAtMs };
  }
  const bodies = event.Records.map(({ body }) => JSON.parse(body));
  const holdMs = Math.max(...bodies.map((body) => body.holdMs));
  const messages = event.Records.map(({ messageId, attributes }, at) => ({
    messageId,
    groupId: attributes.MessageGroupId ?? "",
    number: bodies[at].number,
    receiveCount: Number(attributes.ApproximateReceiveCount),
  }));
  await put({
    pk: { S: "invocation" },
    sk: { S: `${startedAtMs}#${context.awsRequestId}` },
    holdMs: { N: String(holdMs) },
    messages: { S: JSON.stringify(messages) },
  });
  await new Promise((resolve) => setTimeout(resolve, startedAtMs + holdMs - Date.now()));
  return { batchItemFailures: [] };
};

function put(item) {
  return client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: item }));
}
