import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const VISIBILITY_MS = 30_000;

/**
 * The behaviour of SQS's FIFO queues, as recorded against AWS (LocalStack's
 * tests/aws/services/sqs/test_sqs.snapshot.json, commit 8b9a79f) or documented by it, which everything that plays SQS
 * here has to show. Cases that an emulator is known not to show are named; each of them has to fail.
 */
export function describeSqs(
  name: string,
  start: () => Promise<StartedSqs>,
  differences: readonly string[] = [],
): void {
  /** The test of a case. */
  const holds = (row: string, run: () => Promise<void>) =>
    differences.includes(row) ? test.fails(row, run) : test(row, run);

  describe(`SQS: ${name}`, () => {
    let sqs: StartedSqs;
    beforeAll(async () => {
      sqs = await start();
    });
    afterAll(() => sqs.stop());

    /** A queue as Sluice's are, and short calls of it. */
    async function open(attributes: Record<string, string> = {}) {
      queueCount += 1;
      const { client } = sqs;
      const Attributes = {
        FifoQueue: "true",
        DeduplicationScope: "messageGroup",
        FifoThroughputLimit: "perMessageGroupId",
        VisibilityTimeout: String(VISIBILITY_MS / 1_000),
        ...attributes,
      };
      const QueueName = `sqs-${queueCount}.fifo`;
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
      return queueAt(client, QueueUrl ?? "", QueueName);
    }

    holds("hands out several of a group, the same group first", async () => {
      const queue = await open();
      for (const body of ["g1-m1", "g2-m1", "g1-m2", "g2-m2"]) await queue.send(body, body.slice(0, 2));
      expect(await queue.bodies({ MaxNumberOfMessages: 2 })).toEqual(["g1-m1", "g1-m2"]);
      expect(await queue.bodies()).toEqual(["g2-m1", "g2-m2"]);
    });

    holds("blocks only what is behind a hidden message: bar", () => expectShown("bar", ["foo"]));
    holds("blocks only what is behind a hidden message: bee", () => expectShown("bee", ["foo", "bar"]));
    async function expectShown(hidden: string, expected: readonly string[]) {
      const queue = await open();
      for (const body of ["foo", "bar", "bee"]) await queue.send(body, "g");
      const received = await queue.receive();
      const ReceiptHandle = received.find(({ Body }) => Body === hidden)?.ReceiptHandle;
      await queue.call(ChangeMessageVisibilityCommand, { ReceiptHandle, VisibilityTimeout: 60 });
      await sqs.pass(VISIBILITY_MS);
      expect(await queue.bodies()).toEqual(expected);
    }

    holds("refuses to delete a message whose visibility has ended", async () => {
      const queue = await open();
      await queue.send("a");
      const [message] = await queue.receive();
      const { ReceiptHandle = "" } = message ?? {};
      await sqs.pass(VISIBILITY_MS);
      await expect(queue.call(DeleteMessageCommand, { ReceiptHandle })).rejects.toMatchObject({
        name: "InvalidParameterValue",
        message: expect.stringMatching(
          /^Value .+ for parameter ReceiptHandle is invalid\. Reason: The receipt handle has expired\.$/,
        ),
        $fault: "client",
        $metadata: { httpStatusCode: 400 },
      });
      const Entries = [{ Id: "x", ReceiptHandle }];
      expect((await queue.call(DeleteMessageBatchCommand, { Entries })).Failed).toMatchObject([
        { Id: "x", Code: "InvalidParameterValue", SenderFault: true },
      ]);
      expect(await queue.bodies()).toEqual(["a"]);
    });

    holds("accepts that a message is deleted twice", async () => {
      const queue = await open();
      await queue.send("a");
      const [message] = await queue.receive();
      const Entries = [{ Id: "x", ReceiptHandle: message?.ReceiptHandle }];
      for (let time = 0; time < 2; time += 1) {
        const { Successful, Failed = [] } = await queue.call(DeleteMessageBatchCommand, { Entries });
        expect([Successful, Failed]).toEqual([[{ Id: "x" }], []]);
      }
      await queue.call(DeleteMessageCommand, { ReceiptHandle: message?.ReceiptHandle });
      await sqs.pass(VISIBILITY_MS);
      expect(await queue.bodies()).toEqual([]);
    });

    holds("knows no handles but its own", async () => {
      const [queue, other] = [await open(), await open()];
      await other.send("a");
      const [message] = await other.receive();
      for (const ReceiptHandle of ["garbage", message?.ReceiptHandle]) {
        await expect(queue.call(DeleteMessageCommand, { ReceiptHandle })).rejects.toMatchObject({
          name: "ReceiptHandleIsInvalid",
          $fault: "client",
        });
        const Entries = [{ Id: "x", ReceiptHandle, VisibilityTimeout: 0 }];
        expect((await queue.call(ChangeMessageVisibilityBatchCommand, { Entries })).Failed).toMatchObject([
          { Id: "x", Code: "ReceiptHandleIsInvalid", SenderFault: true },
        ]);
      }
    });

    holds("refuses a visibility that ends more than 12 h after the receive", async () => {
      const queue = await open();
      await queue.send("a");
      const [message] = await queue.receive();
      await sqs.pass(1_000);
      const change = (VisibilityTimeout: number) =>
        queue.call(ChangeMessageVisibilityCommand, {
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        });
      await expect(change(43_200)).rejects.toMatchObject({
        name: "InvalidParameterValue",
        message: expect.stringContaining("beyond the limit [43200 seconds]"),
      });
      await change(43_199);
    });

    holds("says of a message that is visible that it is not in flight", async () => {
      const queue = await open();
      await queue.send("a");
      const [message] = await queue.receive();
      await sqs.pass(VISIBILITY_MS);
      const change = { ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 5 };
      await expect(queue.call(ChangeMessageVisibilityCommand, change)).rejects.toMatchObject({
        name: "MessageNotInflight",
      });
    });

    holds("takes a deduplication id for the same message in its group, for five minutes", async () => {
      const queue = await open();
      const first = await queue.send("a", "g1", "id");
      expect((await queue.send("again", "g1", "id")).MessageId).toBe(first.MessageId);
      expect((await queue.send("b", "g2", "id")).MessageId).not.toBe(first.MessageId);
      expect(await queue.bodies()).toEqual(["a", "b"]);
      await sqs.pass(5 * 60_000);
      expect((await queue.send("c", "g3", "id")).MessageId).not.toBe(first.MessageId);
    });

    holds("takes it for the same in the whole queue where that is its scope", async () => {
      const queue = await open({ DeduplicationScope: "queue", FifoThroughputLimit: "perQueue" });
      const first = await queue.send("a", "g1", "id");
      expect((await queue.send("b", "g2", "id")).MessageId).toBe(first.MessageId);
    });

    holds("hands out the same messages to who repeats a receive, until one of them is changed", async () => {
      const queue = await open();
      await queue.send("a");
      await queue.send("b");
      const attempt = { ReceiveRequestAttemptId: "attempt" };
      const first = await queue.receive({ ...attempt, MaxNumberOfMessages: 1 });
      await sqs.pass(VISIBILITY_MS / 2);
      expect(await queue.receive(attempt)).toEqual(first);
      await sqs.pass(VISIBILITY_MS / 2);
      expect(await queue.receive(attempt)).toEqual(first);
      expect(await queue.bodies({ ReceiveRequestAttemptId: "another" })).toEqual(["b"]);
      await queue.call(DeleteMessageCommand, { ReceiptHandle: first[0]?.ReceiptHandle });
      expect(await queue.receive(attempt)).toEqual([]);
    });

    holds("moves what was received too often to the dead-letter queue, under its message id", async () => {
      const letters = await open();
      const deadLetterTargetArn = await letters.attribute("QueueArn");
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
      const queue = await open({ RedrivePolicy });
      const { MessageId } = await queue.send("a");
      for (let receive = 0; receive < 2; receive += 1) {
        expect(await queue.bodies()).toEqual(["a"]);
        await sqs.pass(VISIBILITY_MS);
      }
      expect(await queue.bodies()).toEqual([]);
      expect(await letters.receive()).toMatchObject([
        {
          MessageId,
          Body: "a",
          Attributes: {
            MessageDeduplicationId: MessageId,
            MessageGroupId: "a",
            DeadLetterQueueSourceArn: await queue.attribute("QueueArn"),
          },
        },
      ]);
      expect(await queue.attribute("ApproximateNumberOfMessages")).toBe("0");
    });

    holds("tells what was asked for of a message, with digests that other SDKs check", async () => {
      const queue = await open();
      const MessageAttributes = {
        timestamp: { DataType: "Number", StringValue: "1493147359900" },
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 255]) },
      };
      await queue.send("a", "g", "id", { MessageAttributes });
      const names = {
        MessageSystemAttributeNames: [],
        AttributeNames: [],
        MessageAttributeNames: ["timestamp"],
      };
      const [bare] = await queue.receive({ ...names, VisibilityTimeout: 0 });
      expect(bare).toEqual({
        MessageId: expect.any(String),
        ReceiptHandle: expect.any(String),
        Body: "a",
        MD5OfBody: "0cc175b9c0f1b6a831c399e269772661",
        MessageAttributes: { timestamp: MessageAttributes.timestamp },
        // From moto's tests, which were compared with AWS.
        MD5OfMessageAttributes: "235c5c510d26fb653d073faed50ae77c",
      });
      const [full] = await queue.receive();
      expect([...(full?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([1, 2, 255]);
      expect(full?.Attributes).toMatchObject({
        ApproximateReceiveCount: "2",
        MessageGroupId: "g",
        MessageDeduplicationId: "id",
        SequenceNumber: expect.stringMatching(/^\d{20}$/),
        SentTimestamp: expect.stringMatching(/^\d+$/),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d+$/),
      });
    });

    const BAD_ENTRIES: readonly [string, object, string][] = [
      ["a group id with a space", { MessageGroupId: "a b" }, "InvalidParameterValue"],
      ["a group id of 129 characters", { MessageGroupId: "a".repeat(129) }, "InvalidParameterValue"],
      ["a deduplication id beyond ASCII", { MessageDeduplicationId: "ü" }, "InvalidParameterValue"],
      ["no group id", { MessageGroupId: undefined }, "MissingParameter"],
      ["a body that XML has no place for", { MessageBody: "\u0001" }, "InvalidMessageContents"],
    ];
    for (const [what, part, Code] of BAD_ENTRIES)
      holds(`refuses ${what}, and takes the other entries of the batch`, async () => {
        const queue = await open();
        const good = { Id: "good", MessageBody: "a", MessageGroupId: "g", MessageDeduplicationId: "d" };
        const Entries = [{ ...good, Id: "bad", MessageDeduplicationId: "other", ...part }, good];
        const { Failed, Successful } = await queue.call(SendMessageBatchCommand, { Entries });
        expect(Failed).toMatchObject([{ Id: "bad", Code, SenderFault: true }]);
        expect(Successful).toMatchObject([{ Id: "good", MessageId: expect.any(String) }]);
        expect(await queue.bodies()).toEqual(["a"]);
      });

    test.each([
      ["of none", [], "EmptyBatchRequest"],
      [
        "of eleven",
        Array.from({ length: 11 }, (_, index) => ({ Id: `${index}` })),
        "TooManyEntriesInBatchRequest",
      ],
      ["with an id twice", [{ Id: "a" }, { Id: "a" }], "BatchEntryIdsNotDistinct"],
      ["with an id that is none", [{ Id: "a b" }], "InvalidBatchEntryId"],
    ])("refuses a batch %s", async (_, entries, name) => {
      const queue = await open();
      const Entries = entries.map((entry) => ({ ...entry, ReceiptHandle: "handle" }));
      await expect(queue.call(DeleteMessageBatchCommand, { Entries })).rejects.toMatchObject({ name });
    });

    holds("refuses a batch of more than a mebibyte", async () => {
      const queue = await open();
      const entry = { MessageBody: "x".repeat(600_000), MessageGroupId: "g" };
      const Entries = ["1", "2"].map((Id) => ({ ...entry, Id, MessageDeduplicationId: Id }));
      await expect(queue.call(SendMessageBatchCommand, { Entries })).rejects.toMatchObject({
        name: "BatchRequestTooLong",
      });
    });

    holds("waits for a message as long as it is asked to", async () => {
      const queue = await open();
      const empty = queue.bodies({ WaitTimeSeconds: 20 });
      await sqs.pass(20_000);
      expect(await empty).toEqual([]);
      const waiting = queue.bodies({ WaitTimeSeconds: 20 });
      await queue.send("a");
      expect(await waiting).toEqual(["a"]);
      await sqs.pass(VISIBILITY_MS - 10_000);
      const returning = queue.bodies({ WaitTimeSeconds: 20 });
      await sqs.pass(10_000);
      expect([await returning, await queue.bodies()]).toEqual([["a"], []]);
    });

    holds("knows no queue that was not created, and no other one by the name of one that was", async () => {
      const { name: QueueName, url } = await open();
      const nobody = queueAt(sqs.client, url.replace("sqs-", "nobody-"), "nobody.fifo");
      await expect(nobody.send("a")).rejects.toMatchObject({
        name: "QueueDoesNotExist",
        $metadata: { httpStatusCode: 400 },
      });
      await expect(
        sqs.client.send(new GetQueueUrlCommand({ QueueName: "nobody.fifo" })),
      ).rejects.toMatchObject({
        name: "QueueDoesNotExist",
      });
      const found = await sqs.client.send(new GetQueueUrlCommand({ QueueName }));
      expect(found.QueueUrl).toBe(url);
      const Attributes = { FifoQueue: "true", VisibilityTimeout: "7" };
      await expect(sqs.client.send(new CreateQueueCommand({ QueueName, Attributes }))).rejects.toMatchObject({
        name: "QueueNameExists",
      });
    });

    holds("lists queues by the beginning of their names, and knows one no more that is deleted", async () => {
      const named = (QueueName: string) =>
        sqs.client.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: "true" } }));
      const { QueueUrl: first } = await named("listed-1.fifo");
      const { QueueUrl: second } = await named("listed-2.fifo");
      const list = new ListQueuesCommand({ QueueNamePrefix: "listed-" });
      expect((await sqs.client.send(list)).QueueUrls).toEqual([first, second]);
      await sqs.client.send(new DeleteQueueCommand({ QueueUrl: first }));
      expect((await sqs.client.send(list)).QueueUrls).toEqual([second]);
      for (const command of [
        new GetQueueUrlCommand({ QueueName: "listed-1.fifo" }),
        new DeleteQueueCommand({ QueueUrl: first }),
      ])
        await expect(sqs.client.send(command as GetQueueUrlCommand)).rejects.toMatchObject({
          name: "QueueDoesNotExist",
        });
    });

    holds("tells the settings, counts and tags of a queue", async () => {
      const QueueName = "told.fifo";
      const Attributes = { FifoQueue: "true", MessageRetentionPeriod: "1209600" };
      const command = new CreateQueueCommand({ QueueName, Attributes, tags: { owner: "me" } });
      const { QueueUrl } = await sqs.client.send(command);
      const queue = queueAt(sqs.client, QueueUrl ?? "", QueueName);
      await queue.send("a", "a");
      await queue.send("b", "b");
      await queue.bodies({ MaxNumberOfMessages: 1 });
      const told = await queue.call(GetQueueAttributesCommand, { AttributeNames: ["All" as const] });
      expect(told.Attributes).toMatchObject({
        QueueArn: "arn:aws:sqs:us-east-1:000000000000:told.fifo",
        VisibilityTimeout: "30",
        MessageRetentionPeriod: "1209600",
        DeduplicationScope: "queue",
        ApproximateNumberOfMessages: "1",
        ApproximateNumberOfMessagesNotVisible: "1",
      });
      expect((await queue.call(ListQueueTagsCommand, {})).Tags).toEqual({ owner: "me" });
      const unknown = { AttributeNames: ["Colour" as "All"] };
      await expect(queue.call(GetQueueAttributesCommand, unknown)).rejects.toMatchObject({
        name: "InvalidAttributeName",
      });
    });
  });
}

/** What plays SQS, empty. */
export interface StartedSqs {
  readonly client: SQSClient;
  /** Lets time pass for the queues. */
  pass(durationMs: number): Promise<void>;
  stop(): Promise<void>;
}

let queueCount = 0;

/** The parts of answers that are looked at. */
interface Reply {
  readonly Successful?: readonly { readonly Id?: string }[];
  readonly Failed?: readonly BatchResultErrorEntry[];
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly Tags?: Readonly<Record<string, string>>;
}

type Sent = Promise<{ MessageId?: string | undefined }>;

function queueAt(client: SQSClient, url: string, name: string) {
  /** Sends a command about this queue. */
  function call<Input>(
    Command: new (input: Input & { QueueUrl: string }) => { input: unknown },
    input: Input,
  ): Promise<Reply> {
    const send = client.send.bind(client) as (command: unknown) => Promise<Reply>;
    return send(new Command({ ...input, QueueUrl: url }));
  }
  const receive = async (input: Partial<ReceiveMessageCommandInput> = {}) => {
    const all: Partial<ReceiveMessageCommandInput> = {
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    };
    const command = new ReceiveMessageCommand({ ...all, ...input, QueueUrl: url });
    return (await client.send(command)).Messages ?? [];
  };
  return {
    name,
    url,
    call,
    receive,
    bodies: async (input: Partial<ReceiveMessageCommandInput> = {}) =>
      (await receive(input)).map(({ Body }) => Body),
    send: (
      body: string,
      groupId = body,
      deduplicationId = body,
      more: Partial<SendMessageCommandInput> = {},
    ): Sent =>
      client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: body,
          MessageGroupId: groupId,
          MessageDeduplicationId: deduplicationId,
          ...more,
        }),
      ),
    async attribute(attributeName: "QueueArn" | "ApproximateNumberOfMessages") {
      const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [attributeName] });
      return (await client.send(command)).Attributes?.[attributeName];
    },
  };
}
