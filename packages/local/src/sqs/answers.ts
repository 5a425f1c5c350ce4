import type { ServerResponse } from "node:http";
import type { SqsAnswer, SqsError } from "@sluice/sim/cloud/sqs";

/**
 * The older protocol's names of errors where they differ: the newer one tells them in a header, by which the SDK knows
 * its error classes.
 */
const QUERY_NAMES: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  InvalidBatchEntryId: "AWS.SimpleQueueService.InvalidBatchEntryId",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  QueueNameExists: "QueueAlreadyExists",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
};

/** Sends the answer to a request. */
export function sendAnswer(response: ServerResponse, answer: SqsAnswer): void {
  send(response, 200, JSON.stringify(answer, bytesAsBase64));
}

/** Sends a refusal as the SDK reads it. */
export function sendRefusal(response: ServerResponse, { name, message, $metadata }: SqsError): void {
  response.setHeader("x-amzn-query-error", `${QUERY_NAMES[name] ?? name};Sender`);
  send(response, $metadata.httpStatusCode, JSON.stringify({ __type: `com.amazonaws.sqs#${name}`, message }));
}

/** Sends that the server itself has failed, so that the client may try again. */
export function sendFailure(response: ServerResponse, message: string): void {
  send(response, 500, JSON.stringify({ __type: "com.amazon.coral.service#InternalFailure", message }));
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** JSON has no bytes. A buffer has turned itself into an object before this is called, so the holder is asked. */
function bytesAsBase64(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Uint8Array ? Buffer.from(original).toString("base64") : value;
}
