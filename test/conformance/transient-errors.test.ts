import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { Unreachable } from "@sluice/core/errors";
import { createFetchStore, createPermitItems } from "@sluice/core/storage";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { answerWith, type RawServer, startRawServer } from "@sluice/testing/raw-server";
import { afterEach, expect, test } from "vitest";

let server: RawServer | undefined;
afterEach(() => server?.stop());

/** Clients that don't repeat a call, of a service that answers every one alike. */
async function startAnswering(status: number, body: string, headers: Readonly<Record<string, string>>) {
  server = await startRawServer(
    answerWith(status, body, { "content-type": "application/x-amz-json-1.0", ...headers }),
  );
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const options = { endpoint: server.url, region: "us-east-1", credentials, maxAttempts: 1 };
  const table = { name: "records", client: new DynamoDBClient(options) };
  const queue = createSqsQueue(new SQSClient(options), `${server.url}/0/a.fifo`);
  return { table, queue };
}

const refusal = (name: string) => JSON.stringify({ __type: `com.amazonaws#${name}`, message: "told so" });

const CLAIM = {
  provider: "demo",
  day: "2026-11-18",
  recordId: "a",
  attemptId: "attempt",
  runId: "run",
  correlationId: "correlation",
  nowMs: NOON_MS,
  leaseUntilMs: NOON_MS + 60_000,
  maxAttempts: 3,
  isRedriven: false,
};
const END = { startedAtMs: NOON_MS, endedAtMs: NOON_MS, outcome: "ok" } as const;

test.each([
  ["ProvisionedThroughputExceededException", 400],
  ["ThrottlingException", 400],
  ["RequestLimitExceeded", 400],
  ["TransactionInProgressException", 400],
  ["ReplicatedWriteConflictException", 400],
  ["ExpiredTokenException", 400],
  ["InternalServerError", 500],
  ["ServiceUnavailable", 503],
])("a DynamoDB that answers %s can't be had now, through ElectroDB and the SDK", async (name, status) => {
  const { table } = await startAnswering(status, refusal(name), {});
  const fetches = createFetchStore(table);
  const items = createPermitItems(table, "demo");
  const report = { epoch: 0, evidence: {}, atMs: NOON_MS } as never;
  for (const call of [
    fetches.claim(CLAIM),
    fetches.complete({ ...CLAIM, status: "fetched", end: END }),
    fetches.get(CLAIM),
    items.read(0),
    items.report(0, report),
  ]) {
    await expect(call).rejects.toBeInstanceOf(Unreachable);
  }
});

test.each(["ValidationException", "AccessDeniedException", "ResourceNotFoundException"])(
  "a DynamoDB that answers %s will answer the same again",
  async (name) => {
    const { table } = await startAnswering(400, refusal(name), {});
    const claim = createFetchStore(table).claim(CLAIM);
    await expect(claim).rejects.toBeInstanceOf(Error);
    await expect(claim).rejects.not.toBeInstanceOf(Unreachable);
  },
);

test.each([
  ["KmsThrottled", "KMS.ThrottlingException"],
  ["RequestThrottled", "RequestThrottled"],
  ["OverLimit", "OverLimit"],
  ["ThrottlingException", "ThrottlingException"],
  ["ExpiredTokenException", "ExpiredToken"],
])("an SQS that answers %s can't be had now, whichever protocol names it", async (name, queryName) => {
  const headers = [{}, { "x-amzn-query-error": `${queryName};Sender` }];
  for (const more of headers) {
    const { queue } = await startAnswering(403, refusal(name), more);
    const entry = { groupId: "g", deduplicationId: "d", body: "b" };
    await expect(queue.send([entry])).rejects.toBeInstanceOf(Unreachable);
    await server?.stop();
    server = undefined;
  }
});

test.each(["<html>a proxy</html>", '{"Attributes":'])(
  "a success that is no answer of the service, as %s, is none",
  async (body) => {
    const { table, queue } = await startAnswering(200, body, {});
    await expect(createFetchStore(table).get(CLAIM)).rejects.toBeInstanceOf(Unreachable);
    await expect(queue.depth()).rejects.toBeInstanceOf(Unreachable);
  },
);
