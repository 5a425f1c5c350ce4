import type { IncomingMessage } from "node:http";
import { parseTrouble, type TroubleDial } from "./trouble-dial.ts";

/** Far above the length of a wish for trouble. */
const BODY_MAX_BYTES = 1_024;

/** The answer to a request for the trouble that is wanted, to be sent as JSON. */
export interface TroubleAnswer {
  readonly status: 200 | 400 | 413;
  readonly body: unknown;
}

/** Answers the trouble that is wanted now; for a PUT, after turning the dial to what its body says. */
export async function troubleAnswer(
  dial: TroubleDial,
  method: "GET" | "PUT",
  request: IncomingMessage,
): Promise<TroubleAnswer> {
  if (method === "GET") return { status: 200, body: dial.current() };
  const text = await bodyOf(request);
  if (text === undefined) {
    return { status: 413, body: { error: `The body must have ${BODY_MAX_BYTES} bytes at most` } };
  }
  const parsed = parseTrouble(text, dial.current());
  if (parsed.kind === "refused") return { status: 400, body: { error: parsed.problem } };
  dial.turn(parsed.trouble);
  return { status: 200, body: dial.current() };
}

/** The body as text; undefined if it is too long. It is read to its end even so: the client takes no answer before. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes <= BODY_MAX_BYTES) chunks.push(chunk);
  }
  return sizeBytes > BODY_MAX_BYTES ? undefined : Buffer.concat(chunks).toString("utf8");
}
