import { dynamoDbTable } from "@sluice/aws/dynamodb-table";
import { createSqsClient, createSqsQueue } from "@sluice/aws/sqs-queue";
import { Unreachable } from "@sluice/core/errors";
import { createPermitItems } from "@sluice/core/permits/permit-items";
import { createFetchStore } from "@sluice/core/records/fetch-store";
import { afterEach, expect, test, vi } from "vitest";
import { startRawServer } from "../support/raw-server.ts";

afterEach(() => vi.unstubAllEnvs());

test("a service that takes calls and never answers is given up, tried again, and called unreachable", async () => {
  const server = await startRawServer(() => {});
  for (const name of ["AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_DYNAMODB"]) vi.stubEnv(name, server.url);
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "local");
  vi.stubEnv("AWS_REGION", "us-east-1");

  const table = dynamoDbTable("records");
  const key = { provider: "demo", day: "2026-11-18", recordId: "a" };
  const calls = await Promise.allSettled([
    createSqsQueue(createSqsClient(), `${server.url}/queue`).send([
      { groupId: "g", deduplicationId: "d", body: "b" },
    ]),
    createFetchStore(table).get(key),
    createPermitItems(table, "demo").read(0),
  ]);

  for (const call of calls) {
    expect(call.status === "rejected" && call.reason).toBeInstanceOf(Unreachable);
  }
  expect(server.paths.length).toBeGreaterThan(calls.length);
  await server.stop();
});
