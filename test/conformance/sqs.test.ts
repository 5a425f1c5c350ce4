import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { createSqsClientFor, startSqs } from "@sluice/local/cloud";
import { createVirtualClock } from "@sluice/sim/virtual-time";
import { expect, test, vi } from "vitest";
import { openVirtualSqs, pass } from "../support/virtual-sqs.ts";
import { describeSqs } from "./sqs.conformance.ts";

const REGION = "us-east-1";

describeSqs("virtual", async () => {
  const { client, clock } = openVirtualSqs();
  return { client, pass: (durationMs) => pass(clock, durationMs), stop: async () => {} };
});

describeSqs("of the embedded cloud", async () => {
  const clock = createVirtualClock(0);
  const server = await startSqs(clock);
  const client = createSqsClientFor(server.url, REGION);
  const { request } = server.sqs;
  let sentCount = 0;
  let receivedCount = 0;
  Object.assign(server.sqs, {
    request(...call: Parameters<typeof request>) {
      receivedCount += 1;
      return request(...call);
    },
  });
  client.middlewareStack.add((next) => (call) => {
    sentCount += 1;
    return next(call);
  });
  return {
    client,
    // A request that waits has to have come in before time passes.
    async pass(durationMs) {
      await vi.waitFor(() => expect(receivedCount).toBe(sentCount));
      await pass(clock, durationMs);
    },
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
});

test("the embedded cloud's SQS waits in the machine's time, for messages and with those that are hidden", async () => {
  const server = await startSqs();
  const client = createSqsClientFor(server.url, REGION);
  const Attributes = { FifoQueue: "true", VisibilityTimeout: "1" };
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: "a.fifo", Attributes }));
  const { contents } = server.sqs.queues.named("a.fifo");
  const receive = async () => {
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 });
    return (await client.send(command)).Messages?.map(({ Body }) => Body);
  };
  contents.send({ groupId: "g", deduplicationId: "d", body: "a" });
  const startedAtMs = Date.now();
  expect([await receive(), await receive()]).toEqual([["a"], ["a"]]);
  expect(Date.now() - startedAtMs).toBeGreaterThan(900);
  client.destroy();
  await server.stop();
});

test("a client that hangs up while it waits takes no message with it", async () => {
  const server = await startSqs();
  const client = createSqsClientFor(server.url, REGION);
  const Attributes = { FifoQueue: "true" };
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: "a.fifo", Attributes }));
  const queue = server.sqs.queues.named("a.fifo");
  const given = new AbortController();
  const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
  const receive = vi.spyOn(queue, "receive");
  const refusal = expect(client.send(command, { abortSignal: given.signal })).rejects.toThrow();
  await vi.waitFor(() => expect(receive).toHaveBeenCalledOnce());
  given.abort();
  await refusal;
  expect(await receive.mock.results[0]?.value).toEqual([]);
  client.destroy();
  await server.stop();
});

test("each region of the embedded cloud has queues of its own", async () => {
  const server = await startSqs();
  const [here, there] = [createSqsClientFor(server.url, REGION), createSqsClientFor(server.url, "us-west-2")];
  const command = new CreateQueueCommand({ QueueName: "a.fifo", Attributes: { FifoQueue: "true" } });
  const find = new GetQueueUrlCommand({ QueueName: "a.fifo" });
  const { QueueUrl } = await there.send(command);
  await expect(here.send(find)).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  expect((await there.send(find)).QueueUrl).toBe(QueueUrl);
  const { Attributes } = await there.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  expect(Attributes?.QueueArn).toBe("arn:aws:sqs:us-west-2:000000000000:a.fifo");
  for (const client of [here, there]) client.destroy();
  await server.stop();
});

test.each([
  ["another protocol", {}, "{}", "InvalidAction"],
  ["an operation that it does not know", { "x-amz-target": "AmazonSQS.PurgeQueue" }, "{}", "InvalidAction"],
  ["what is no JSON", { "x-amz-target": "AmazonSQS.GetQueueUrl" }, "{", "InvalidParameterValue"],
])("the embedded cloud's SQS refuses %s", async (_, target, body, name) => {
  const server = await startSqs();
  const headers = { "content-type": "application/x-amz-json-1.0", ...target };
  const response = await fetch(server.url, { method: "POST", headers, body });
  expect(response.status).toBe(400);
  expect(response.headers.get("x-amzn-query-error")).toBe(`${name};Sender`);
  await server.stop();
});
