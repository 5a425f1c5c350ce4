import { expect, test } from "vitest";
import { parseSqsEvent } from "./sqs-event.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#sqs-fifo-message-event */
const RECORD = {
  messageId: "11d6ee51-4cc7-4302-9e22-7cd8afdaadf5",
  receiptHandle: "AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw...",
  body: "Test message.",
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: "1573251510774",
    SequenceNumber: "18849496460467696128",
    MessageGroupId: "1",
    SenderId: "AIDAIO23YVJENQZJOL4VO",
    MessageDeduplicationId: "1",
    ApproximateFirstReceiveTimestamp: "1573251510774",
  },
  messageAttributes: {},
  md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:us-east-2:123456789012:fifo.fifo",
  awsRegion: "us-east-2",
};

/** The attribute of a message that has been redriven from the dead-letter queue. */
const CAUSE = {
  SluiceCause: {
    stringValue: '{"cause":"HTTP 404","attempts":1,"deadLetteredAtMs":1573251510774}',
    stringListValues: [],
    binaryListValues: [],
    dataType: "String",
  },
};

test("reads the messages of a batch, and the queue that they are from", () => {
  expect(parseSqsEvent({ Records: [RECORD] })).toEqual({
    queueName: "fifo.fifo",
    messages: [
      {
        messageId: "11d6ee51-4cc7-4302-9e22-7cd8afdaadf5",
        receiptHandle: "AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw...",
        body: "Test message.",
        receiveCount: 1,
        sentAtMs: 1_573_251_510_774,
        isRedriven: false,
      },
    ],
  });
});

test("keeps the order of a batch", () => {
  const Records = ["a", "b", "c"].map((messageId) => ({ ...RECORD, messageId }));
  expect(parseSqsEvent({ Records }).messages.map(({ messageId }) => messageId)).toEqual(["a", "b", "c"]);
});

test("counts receives, and knows a redriven message by the attribute of a dead letter", () => {
  const attributes = { ...RECORD.attributes, ApproximateReceiveCount: "1000" };
  const Records = [{ ...RECORD, attributes, messageAttributes: CAUSE }];
  expect(parseSqsEvent({ Records }).messages).toMatchObject([{ receiveCount: 1_000, isRedriven: true }]);
});

test("an attribute of someone else's is no redrive", () => {
  const Records = [{ ...RECORD, messageAttributes: { trace: CAUSE.SluiceCause } }];
  expect(parseSqsEvent({ Records }).messages).toMatchObject([{ isRedriven: false }]);
});

const recordWith = (changes: object) => ({ Records: [{ ...RECORD, ...changes }] });

test.each<[what: string, event: unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["text", "hello"],
  ["an object of another kind", { source: "aws.events" }],
  ["an empty batch", { Records: [] }],
  ["a list", [RECORD]],
  ["a record without a message id", recordWith({ messageId: undefined })],
  ["an empty message id", recordWith({ messageId: "" })],
  ["a record without a receipt handle", recordWith({ receiptHandle: undefined })],
  ["a body that is no text", recordWith({ body: { a: 1 } })],
  ["a record without attributes", recordWith({ attributes: undefined })],
  ["a receive count that is no number", recordWith({ attributes: { ApproximateReceiveCount: "often" } })],
  ["a receive count of none", recordWith({ attributes: { ApproximateReceiveCount: "0" } })],
  ["a record of no queue", recordWith({ eventSourceARN: undefined })],
  ["one bad record among good ones", { Records: [RECORD, { ...RECORD, body: undefined }] }],
])("throws on %s, so that the whole batch comes again", (_, event) => {
  expect(() => parseSqsEvent(event)).toThrow();
});
