import { describe, expect, test } from "vitest";
import type { WireRequest } from "../support/recording-proxy.ts";
import { modelProblems } from "./model-problems.ts";
import { awsRequestOf } from "./wire-request.ts";

const UUID = "0f9d8c7b-6a5e-4d3c-8b2a-1f0e9d8c7b6a";
const MAPPINGS = "/2015-03-31/event-source-mappings";

const json = (target: string, body: object): WireRequest => ({
  method: "POST",
  url: new URL("http://localhost/"),
  headers: { "x-amz-target": target },
  body: JSON.stringify(body),
});
const rest = (method: string, path: string, body: object | undefined, headers = {}): WireRequest => ({
  method,
  url: new URL(path, "http://localhost"),
  headers,
  body: body === undefined ? "" : JSON.stringify(body),
});
const problemsOf = (request: WireRequest) => modelProblems(awsRequestOf(request));

describe("a request on the wire that AWS's model has nothing against", () => {
  test.each<[string, WireRequest]>([
    ["SendMessage", json("AmazonSQS.SendMessage", { QueueUrl: "https://q", MessageBody: "a" })],
    ["GetItem", json("DynamoDB_20120810.GetItem", { TableName: "t", Key: { pk: { S: "a" } } })],
    [
      "PutEvents",
      json("AWSEvents.PutEvents", { Entries: [{ Source: "a", DetailType: "b", Detail: "{}", Time: 1.5 }] }),
    ],
    ["Invoke", rest("POST", "/2015-03-31/functions/a%3Alive/invocations", {})],
    ["UpdateEventSourceMapping", rest("PUT", `${MAPPINGS}/${UUID}`, { BatchSize: 10 })],
    ["ListEventSourceMappings", rest("GET", `${MAPPINGS}/?FunctionName=a&MaxItems=100`, undefined)],
  ])("%s", (operation, request) => {
    expect(awsRequestOf(request).operation).toBe(operation);
    expect(problemsOf(request)).toEqual([]);
  });
});

test.each<[string, WireRequest]>([
  ["SendMessage.MessageBody: missing", json("AmazonSQS.SendMessage", { QueueUrl: "https://q" })],
  [
    "ReceiveMessage.WaitTimeSeconds: 0.5 is no integer",
    json("AmazonSQS.ReceiveMessage", { QueueUrl: "https://q", WaitTimeSeconds: 0.5 }),
  ],
  [
    "GetItem.Key.pk.S: 1 is no string",
    json("DynamoDB_20120810.GetItem", { TableName: "t", Key: { pk: { S: 1 } } }),
  ],
  ["PutEvents.Entries: [] is below 1", json("AWSEvents.PutEvents", { Entries: [] })],
  ["UpdateEventSourceMapping.BatchSize: 0 is below 1", rest("PUT", `${MAPPINGS}/${UUID}`, { BatchSize: 0 })],
  ["ListEventSourceMappings.MaxItems: 0 is below 1", rest("GET", `${MAPPINGS}/?MaxItems=0`, undefined)],
  [
    'Invoke.InvocationType: "Now" is none of Event, RequestResponse, DryRun',
    rest("POST", "/2015-03-31/functions/a/invocations", {}, { "x-amz-invocation-type": "Now" }),
  ],
])("%s", (problem, request) => {
  expect(problemsOf(request)).toContain(problem);
});

test("a call that nobody has looked up", () => {
  expect(() => awsRequestOf(rest("DELETE", `${MAPPINGS}/${UUID}`, undefined))).toThrow(
    `No call is known for DELETE ${MAPPINGS}/${UUID}`,
  );
  expect(problemsOf(json("AmazonSQS.PurgeQueue", {}))).toEqual(["sqs PurgeQueue is not in the models"]);
});
