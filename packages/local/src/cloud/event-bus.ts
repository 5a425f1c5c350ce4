import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { AWS_BODY_MAX_BYTES, listenOnLoopback } from "../loopback/loopback-server.ts";

/** An event as a rule on the bus would see it. */
export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** EventBridge's bus on this machine: it takes every event, and keeps it. */
export interface EventBus {
  readonly url: string;
  /** All events since the start, in the order in which they came. */
  readonly events: readonly BusEvent[];
  stop(): Promise<void>;
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const BODY = { maxBytes: AWS_BODY_MAX_BYTES, types: ["application/x-amz-json-1.1"] };
const TARGET = "AWSEvents.PutEvents";

const entrySchema = z.object({
  Source: z.string().min(1),
  DetailType: z.string().min(1),
  Detail: z.string().transform((json) => z.record(z.string(), z.unknown()).parse(JSON.parse(json))),
});
const inputSchema = z.object({ Entries: z.array(entrySchema).min(1).max(10) });

/** Serves a bus on a free port of this machine only. @param onEvent called with each event as it comes */
export async function startEventBus(onEvent: (event: BusEvent) => void = () => {}): Promise<EventBus> {
  const events: BusEvent[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void answer(request, response, (event) => {
      events.push(event);
      onEvent(event);
    });
  });
  const { url, close } = await listenOnLoopback(server, { body: BODY });
  return { url, events, stop: close };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  take: (event: BusEvent) => void,
): Promise<void> {
  const input = await inputOf(request);
  if (input === undefined)
    return send(response, 400, { __type: "ValidationException", message: "no events" });
  const Entries = input.Entries.map(({ Source, DetailType, Detail }) => {
    take({ source: Source, detailType: DetailType, detail: Detail });
    return { EventId: randomUUID() };
  });
  send(response, 200, { FailedEntryCount: 0, Entries });
}

async function inputOf(request: IncomingMessage): Promise<z.infer<typeof inputSchema> | undefined> {
  try {
    const body: unknown = JSON.parse(await text(request));
    return request.headers["x-amz-target"] === TARGET ? inputSchema.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}
