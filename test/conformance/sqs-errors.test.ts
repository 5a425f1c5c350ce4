import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { Unreachable } from "@sluice/core/errors";
import type { Queue } from "@sluice/core/ports";
import { afterEach, expect, test } from "vitest";
import { refuses, type ScriptedSqs, startScriptedSqs } from "../support/scripted-sqs.ts";
import { entryOf } from "./queue.conformance.ts";

let sqs: ScriptedSqs | undefined;
afterEach(async () => {
  await sqs?.stop();
  sqs = undefined;
});

/** The end of a call that SQS refuses: it is waited for, is a matter of settings or of the queue, or is over. */
type End = "passes" | "client-misconfigured" | "queue-refuses" | "is over";

/** Every error of SQS's calls, with its status, and the end of the call. */
const ERRORS: readonly [name: string, status: number, end: End][] = [
  ["BatchEntryIdsNotDistinct", 400, "is over"],
  ["BatchRequestTooLong", 400, "is over"],
  ["EmptyBatchRequest", 400, "is over"],
  ["InvalidAddress", 400, "is over"],
  ["InvalidAttributeName", 400, "is over"],
  ["InvalidBatchEntryId", 400, "is over"],
  ["InvalidIdFormat", 400, "is over"],
  ["InvalidSecurity", 400, "client-misconfigured"],
  ["KmsAccessDenied", 400, "queue-refuses"],
  ["KmsDisabled", 400, "queue-refuses"],
  ["KmsInvalidKeyUsage", 400, "queue-refuses"],
  ["KmsInvalidState", 400, "queue-refuses"],
  ["KmsNotFound", 400, "queue-refuses"],
  ["KmsOptInRequired", 400, "queue-refuses"],
  ["KmsThrottled", 400, "passes"],
  ["OverLimit", 403, "passes"],
  ["QueueDoesNotExist", 400, "is over"],
  ["ReceiptHandleIsInvalid", 404, "is over"],
  ["RequestThrottled", 403, "passes"],
  ["TooManyEntriesInBatchRequest", 400, "is over"],
  ["UnsupportedOperation", 400, "is over"],
  // By the older protocol's names.
  ["KMS.AccessDeniedException", 400, "queue-refuses"],
  ["KMS.DisabledException", 400, "queue-refuses"],
  ["KMS.ThrottlingException", 400, "passes"],
  // Of every AWS service: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
  ["AccessDenied", 403, "queue-refuses"],
  ["AccessDeniedException", 400, "queue-refuses"],
  ["ExpiredToken", 403, "passes"],
  ["ExpiredTokenException", 403, "passes"],
  ["IncompleteSignature", 400, "client-misconfigured"],
  ["InternalFailure", 500, "passes"],
  ["InvalidAction", 400, "client-misconfigured"],
  ["InvalidClientTokenId", 403, "client-misconfigured"],
  ["InvalidParameterValue", 400, "is over"],
  ["MalformedHttpRequestException", 400, "is over"],
  ["MissingAuthenticationToken", 403, "client-misconfigured"],
  ["NotAuthorized", 401, "queue-refuses"],
  ["OptInRequired", 403, "client-misconfigured"],
  ["RequestAbortedException", 400, "passes"],
  ["RequestEntityTooLargeException", 413, "is over"],
  ["RequestExpired", 400, "passes"],
  ["RequestTimeoutException", 408, "passes"],
  ["ServiceUnavailable", 503, "passes"],
  ["SignatureDoesNotMatch", 403, "client-misconfigured"],
  ["ThrottlingException", 400, "passes"],
  ["UnknownOperationException", 404, "client-misconfigured"],
  ["UnrecognizedClientException", 403, "client-misconfigured"],
  ["ValidationError", 400, "is over"],
  // Of nobody yet.
  ["SomethingNew", 400, "is over"],
  ["SomethingNew", 429, "passes"],
  ["SomethingNew", 500, "passes"],
];

const CALLS: readonly ((queue: Queue) => Promise<unknown>)[] = [
  (queue) => queue.send([entryOf("a")]),
  (queue) => queue.changeVisibility([{ receiptHandle: "handle", delayMs: 0 }]),
  (queue) => queue.receiveOne(),
  (queue) => queue.delete("handle"),
  (queue) => queue.depth(),
];

test.each(ERRORS)(
  "every call that SQS refuses with %s (%i) %s, after one request",
  async (name, status, end) => {
    sqs = await startScriptedSqs(refuses(name, status));
    const queue = createSqsQueue(sqs.client, `${sqs.url}/000000000000/a.fifo`);
    for (const call of CALLS) {
      const thrown = await call(queue).catch((error: unknown) => error);
      if (end === "passes") expect(thrown).toBeInstanceOf(Unreachable);
      else if (end === "is over") expect(thrown).toMatchObject({ name, message: "told so" });
      else
        expect(thrown).toMatchObject({
          code: end,
          message: expect.stringMatching(/told so|answers/),
          cause: expect.any(Error),
        });
    }
    expect(sqs.requests).toHaveLength(CALLS.length);
  },
);

test("every error that the SDK knows of these calls is among them", async () => {
  const entry = fileURLToPath(import.meta.resolve("@aws-sdk/client-sqs"));
  const operations = [
    "SendMessageBatch",
    "ChangeMessageVisibilityBatch",
    "ReceiveMessage",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
  ];
  const known = new Set<string>();
  for (const operation of operations) {
    const declarations = entry.replace(/dist-\w+\/.*$/, `dist-types/commands/${operation}Command.d.ts`);
    const text = await readFile(declarations, "utf8");
    for (const [, name = ""] of text.matchAll(/@throws \{@link (\w+)\} \((?:client|server) fault\)/g))
      known.add(name);
  }
  expect(known.size).toBeGreaterThan(15);
  const named = ERRORS.map(([name]) => name);
  expect([...known].filter((name) => !named.includes(name))).toEqual([]);
});
