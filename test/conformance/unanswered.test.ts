import { dynamoDbTable } from "@sluice/aws/dynamodb-table";
import { createLambdaValve, createValveClient } from "@sluice/aws/lambda-valve";
import { createSqsClient, createSqsQueue } from "@sluice/aws/sqs-queue";
import { Unreachable } from "@sluice/core/errors";
import {
  createBreakerStore,
  createEventStore,
  createFetchStore,
  createPermitItems,
} from "@sluice/core/storage";
import { startRawServer } from "@sluice/testing/raw-server";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => vi.unstubAllEnvs());

test("a service that takes calls and never answers is given up, tried again, and called unreachable", async () => {
  const server = await startRawServer(() => {});
  for (const service of ["SQS", "DYNAMODB", "LAMBDA"]) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, server.url);
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "local");
  vi.stubEnv("AWS_REGION", "us-east-1");

  const table = dynamoDbTable("records");
  const key = { provider: "demo", day: "2026-11-18", recordId: "a" };
  const queue = createSqsQueue(createSqsClient(), `${server.url}/queue`);
  const queueArn = "arn:aws:sqs:us-east-1:000000000000:records.fifo";
  const calls = await Promise.allSettled([
    queue.send([{ groupId: "g", deduplicationId: "d", body: "b" }]),
    queue.receiveOne(),
    queue.delete("handle"),
    createLambdaValve(createValveClient(), { functionName: "ventilator", queueArn }).read(),
    createBreakerStore(table, "demo").read(),
    createEventStore(table, "demo", () => 0).append({
      id: "a",
      atMs: 0,
      kind: "hold",
      summary: "",
      details: null,
    }),
    createFetchStore(table).get(key),
    createPermitItems(table, "demo").read(0),
  ]);

  for (const call of calls) {
    expect(call.status === "rejected" && call.reason).toBeInstanceOf(Unreachable);
  }
  expect(server.paths.length).toBeGreaterThanOrEqual(2 * calls.length);
  await server.stop();
});

test("a report that gets no answer is not sent again: it would count twice", async () => {
  const server = await startRawServer(() => {});
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", server.url);
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "local");
  vi.stubEnv("AWS_REGION", "us-east-1");
  const items = createPermitItems(dynamoDbTable("records"), "demo");
  const report = { epoch: 0, evidence: { okCount: 1 }, atMs: 1 };
  await expect(items.report(0, report)).rejects.toBeInstanceOf(Unreachable);
  expect(server.paths).toHaveLength(1);
  await server.stop();
});
