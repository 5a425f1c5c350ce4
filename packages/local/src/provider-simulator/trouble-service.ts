import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { parseTrouble, type TroubleDial } from "./trouble-dial.ts";

/** The answer to a request for the trouble that is wanted, to be sent as JSON. */
export interface TroubleAnswer {
  readonly status: 200 | 400;
  readonly body: unknown;
}

/** Answers the trouble that is wanted now; for a PUT, after turning the dial to what its body says. */
export async function troubleAnswer(
  dial: TroubleDial,
  method: "GET" | "PUT",
  request: IncomingMessage,
): Promise<TroubleAnswer> {
  if (method === "GET") return { status: 200, body: dial.current() };
  const parsed = parseTrouble(await text(request), dial.current());
  if (parsed.kind === "refused") return { status: 400, body: { error: parsed.problem } };
  dial.turn(parsed.trouble);
  return { status: 200, body: dial.current() };
}
