import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { beyondModel, problemsFound, RequestBeyondModel } from "./check-requests.ts";
import { type ModelledCommand, requestProblems } from "./request-problems.ts";

const QueueUrl = "https://sqs.eu-central-1.amazonaws.com/000000000000/a.fifo";
const UUID = "0f9d8c7b-6a5e-4d3c-8b2a-1f0e9d8c7b6a";
const EVENT = { Source: "sluice", DetailType: "Run Completed", Detail: "{}", EventBusName: "default" };

const sending = (entry: object) => new SendMessageBatchCommand({ QueueUrl, Entries: [entry as never] });
const turning = (change: object) => new UpdateEventSourceMappingCommand({ UUID, ...change });
const putting = (more: object) => new PutCommand({ TableName: "records", Item: { pk: "a" }, ...more });

describe("what AWS would have against the form of a request", () => {
  test.each<[what: string, command: ModelledCommand]>([
    ["a batch of messages", sending({ Id: "0", MessageBody: "a", MessageGroupId: "g" })],
    [
      "a turn of a mapping",
      turning({ Enabled: true, BatchSize: 10, ScalingConfig: { MaximumConcurrency: 2 } }),
    ],
    ["a maximum that is cleared", turning({ ScalingConfig: {} })],
    [
      "a call of a function",
      new InvokeCommand({ FunctionName: "sluice-production-demo-worker", Payload: "{}" }),
    ],
    [
      "a call of a function by its ARN",
      new InvokeCommand({ FunctionName: "arn:aws:lambda:eu-central-1:123456789012:function:worker:live" }),
    ],
    ["events", new PutEventsCommand({ Entries: [{ ...EVENT, Time: new Date(0) }] })],
    [
      "values of JavaScript in a table",
      putting({ Item: { pk: "a", n: 1, set: new Set(["b"]), inner: { x: null } } }),
    ],
  ])("nothing: %s", (_, command) => {
    expect(requestProblems(command)).toEqual([]);
  });

  test.each<[problem: string, command: ModelledCommand]>([
    ["SendMessageBatch.Entries[0].MessageBody: missing", sending({ Id: "0" })],
    ["SendMessageBatch.Entries: missing", new SendMessageBatchCommand({ QueueUrl, Entries: undefined })],
    ["SendMessageBatch.Entries[0].GroupId: unknown", sending({ Id: "0", MessageBody: "a", GroupId: "g" })],
    ["SendMessageBatch.Entries[0].MessageBody: number is another type", sending({ Id: "0", MessageBody: 1 })],
    ["UpdateEventSourceMapping.BatchSize: 0 is out of bounds", turning({ BatchSize: 0 })],
    [
      "UpdateEventSourceMapping.BatchSize: number is another type",
      turning({ BatchSize: Number.POSITIVE_INFINITY }),
    ],
    [
      "UpdateEventSourceMapping.ScalingConfig.MaximumConcurrency: 1 is out of bounds",
      turning({ ScalingConfig: { MaximumConcurrency: 1 } }),
    ],
    ['UpdateEventSourceMapping.UUID: "mapping-1" is out of bounds', turning({ UUID: "mapping-1" })],
    ['Invoke.FunctionName: "a worker" is out of bounds', new InvokeCommand({ FunctionName: "a worker" })],
    ["PutEvents.Entries: [] is out of bounds", new PutEventsCommand({ Entries: [] })],
    [
      'PutEvents.Entries[0].EventBusName: "my bus" is out of bounds',
      new PutEventsCommand({ Entries: [{ ...EVENT, EventBusName: "my bus" }] }),
    ],
    ['PutItem.ReturnValues: "ALL" is out of bounds', putting({ ReturnValues: "ALL" })],
    [
      "TransactWriteItems.TransactItems[0].Put.Item: missing",
      new TransactWriteCommand({ TransactItems: [{ Put: { TableName: "records" } as never }] }),
    ],
    [
      "PutItem.ReturnItemCollectionMetrics: look up the bounds of dynamodb's PutItemInput.ReturnItemCollectionMetrics",
      putting({ ReturnItemCollectionMetrics: "SIZE" }),
    ],
  ])("%s", (problem, command) => {
    const problems = requestProblems(command).map((text) =>
      text.replace(/(is out of bounds|another type).*/, "$1"),
    );
    expect(problems).toContain(problem);
  });
});

const NOBODY = { endpoint: "http://127.0.0.1:1", region: "eu-central-1", maxAttempts: 1 };
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

test("every client in this process checks its requests, whether somebody heeds the error or not", async () => {
  const clients = [new SQSClient({ ...NOBODY, credentials }), new LambdaClient({ ...NOBODY, credentials })];
  const [sqs, lambda] = clients as [SQSClient, LambdaClient];
  await expect(sqs.send(sending({ Id: "0" }))).rejects.toBeInstanceOf(RequestBeyondModel);
  await expect(lambda.send(turning({ BatchSize: 0 }))).rejects.toBeInstanceOf(RequestBeyondModel);
  expect(problemsFound()).toHaveLength(2);
  await expect(beyondModel(() => lambda.send(turning({ BatchSize: 0 })))).rejects.toMatchObject({
    code: "ECONNREFUSED",
  });
  expect(problemsFound()).toEqual([]);
  for (const client of clients) client.destroy();
});
