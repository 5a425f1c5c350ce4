import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createEventBridgeAnnouncer } from "@sluice/aws/event-bridge-announcer";
import { Unreachable } from "@sluice/core/errors";
import type { Announcement } from "@sluice/core/ports";
import { startEventBus } from "@sluice/local/cloud";
import { answerWith, startRawServer } from "@sluice/testing/raw-server";
import { expect, test } from "vitest";
import { closedPort } from "../support/closed-port.ts";

function announcerAt(endpoint: string, busName = "default") {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new EventBridgeClient({ endpoint, region: "eu-central-1", credentials, maxAttempts: 1 });
  return createEventBridgeAnnouncer(client, busName);
}

function announcements(count: number): Announcement[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `run-${index}`,
    kind: "Run Completed",
    atMs: 1_763_400_000_000 + index,
    detail: { provider: "demo", index },
  }));
}

test.each([1, 10, 11, 25])("%i announcements are told, in their order", async (count) => {
  const bus = await startEventBus();
  await announcerAt(bus.url).announce(announcements(count));
  expect(bus.events).toEqual(
    announcements(count).map(({ id, detail }) => ({
      source: "sluice",
      detailType: "Run Completed",
      detail: { id, ...detail },
    })),
  );
  await bus.stop();
});

test("nothing to tell is no request", async () => {
  await announcerAt(await closedPort()).announce([]);
});

test("the bus may be named by its ARN", async () => {
  const bus = await startEventBus();
  await announcerAt(bus.url, "arn:aws:events:eu-central-1:123456789012:event-bus/runs").announce(
    announcements(1),
  );
  expect(bus.events).toHaveLength(1);
  await bus.stop();
});

const TAKEN = { EventId: "1" };
const REFUSED = { ErrorCode: "InternalFailure", ErrorMessage: "later" };

test.each<[answer: string, status: number, body: object]>([
  ["that refuses one of them", 200, { FailedEntryCount: 1, Entries: [TAKEN, REFUSED] }],
  ["that tells of fewer", 200, { FailedEntryCount: 0, Entries: [TAKEN] }],
  ["that is none", 200, { hello: "world" }],
  ["that throttles", 400, { __type: "ThrottlingException", message: "later" }],
  ["that fails", 500, { __type: "InternalException", message: "later" }],
])("announcements have not been told by an answer %s", async (_, status, body) => {
  const json = { "content-type": "application/x-amz-json-1.1" };
  const server = await startRawServer(answerWith(status, JSON.stringify(body), json));
  await expect(announcerAt(server.url).announce(announcements(2))).rejects.toBeInstanceOf(Unreachable);
  await server.stop();
});

test("nobody is told where nobody answers", async () => {
  const announcer = announcerAt(await closedPort());
  await expect(announcer.announce(announcements(1))).rejects.toBeInstanceOf(Unreachable);
});
