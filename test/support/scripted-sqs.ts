import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { SQSClient } from "@aws-sdk/client-sqs";
import { startRawServer } from "@sluice/testing/raw-server";

/** Answers one request. */
export type Line = (response: ServerResponse, request: ScriptedRequest) => void;

/** A request as SQS gets it. */
export interface ScriptedRequest {
  readonly operation: string;
  readonly Entries: readonly ScriptedEntry[];
  readonly [parameter: string]: unknown;
}

/** An entry of a batch. */
export interface ScriptedEntry {
  readonly Id: string;
  readonly MessageBody?: string;
  readonly MessageDeduplicationId?: string;
}

/** An SQS that says what a test has written, line by line, to the SDK's own client. */
export interface ScriptedSqs {
  readonly url: string;
  /** It repeats nothing by itself. */
  readonly client: SQSClient;
  readonly requests: readonly ScriptedRequest[];
  stop(): Promise<void>;
}

/** Starts it. The last line answers all further requests. */
export async function startScriptedSqs(...lines: readonly Line[]): Promise<ScriptedSqs> {
  const requests: ScriptedRequest[] = [];
  let asked = 0;
  const server = await startRawServer(async (response, incoming) => {
    const line = lines[asked] ?? lines.at(-1);
    asked += 1;
    const request = await read(incoming);
    requests.push(request);
    line?.(response, request);
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const place = { endpoint: server.url, region: "us-east-1", useQueueUrlAsEndpoint: false };
  const client = new SQSClient({ ...place, credentials, maxAttempts: 1 });
  return {
    url: server.url,
    client,
    requests,
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

async function read(incoming: IncomingMessage): Promise<ScriptedRequest> {
  const operation = String(incoming.headers["x-amz-target"]).replace("AmazonSQS.", "");
  return { Entries: [], ...((await json(incoming)) as object), operation };
}

/** Answers with a body as it is. */
export function says(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Line {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (response) =>
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0", ...headers }).end(text);
}

/**
 * Answers a batch. Before the bar are the entries that SQS took, after it those that failed, as `id:code`, with a `!` where
 * that is the sender's fault: `"0 2 | 1:InternalError"`.
 */
export function answers(script: string): Line {
  const [took = "", failed = ""] = script.split("|");
  return (response, { Entries }) => {
    const Successful = wordsOf(took).map((id) => taken(id, Entries));
    says(200, { Successful, Failed: wordsOf(failed).map(failure) })(response, noRequest);
  };
}

function wordsOf(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}

const FAILURE = /^(?<Id>[^:!]*):?(?<Code>[^!]*)(?<fault>!?)$/;

function failure(word: string): object {
  const { Id, Code, fault } = FAILURE.exec(word)?.groups ?? {};
  return { Id, ...(Code && { Code }), SenderFault: fault === "!" };
}

/** Takes all entries of a batch. */
export const takesAll: Line = (response, request) =>
  answers(request.Entries.map(({ Id }) => Id).join(" "))(response, request);

function taken(Id: string, entries: readonly ScriptedEntry[]): object {
  const body = entries.find((entry) => entry.Id === Id)?.MessageBody ?? "";
  return { Id, MessageId: `message-${Id}`, MD5OfMessageBody: createHash("md5").update(body).digest("hex") };
}

const noRequest: ScriptedRequest = { operation: "", Entries: [] };

/** Refuses the whole request, as SQS's JSON protocol does. */
export function refuses(name: string, status: number): Line {
  return says(
    status,
    { __type: `com.amazonaws.sqs#${name}`, message: "told so" },
    { "x-amzn-query-error": `${name};Sender` },
  );
}

/** Closes the connection instead of an answer. */
export const hangsUp: Line = (response) => response.destroy();

/** Takes the request and says nothing. */
export const staysSilent: Line = () => {};

/** Begins an answer and never ends it. */
export const stopsMidway: Line = (response) => {
  response.writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": 1_000 });
  response.write("{");
};
