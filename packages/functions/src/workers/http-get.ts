import type { Agent, IncomingMessage } from "node:http";
import https from "node:https";
import { endIdleSockets, KEPT_OPEN, noteUse } from "./kept-sockets.ts";

/** A GET request of a path at an origin. */
export interface GetRequest {
  /** Such as `https://api.acme.example`. */
  readonly origin: string;
  /** Sent byte by byte as it stands, never normalized. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the call in any state when it aborts. */
  readonly signal: AbortSignal;
}

/** The way to send requests of one protocol, and the connections that are kept for them. */
interface Client {
  readonly request: typeof https.request;
  readonly agent: Agent;
}

/** The status after which a connection speaks another protocol, and is of no use any more. */
const SWITCHING_PROTOCOLS = 101;

const secureClient: Client = { request: https.request, agent: new https.Agent(KEPT_OPEN) };

/**
 * Sends one GET, and resolves with the answer once its headers are there: the caller reads its body, or drops it. It
 * follows no redirect. It sends the request once more if the first went out on a connection that the provider was about
 * to close, and repeats nothing else. It rejects with Node's own error if there is no answer or if `signal` aborts.
 */
export async function httpGet(request: GetRequest): Promise<IncomingMessage> {
  const client = request.origin.startsWith("https:") ? secureClient : await plainClient();
  const first = await send(client, request);
  const isLost = "error" in first && first.isUnheard;
  const sent = isLost ? await send(client, request) : first;
  if ("error" in sent) throw sent.error;
  return sent.answer;
}

type Sent =
  | { readonly answer: IncomingMessage }
  /** `isUnheard`: the connection had been used before, and ended without a byte in answer to this request. */
  | { readonly error: unknown; readonly isUnheard: boolean };

function send(
  { request: sendRequest, agent }: Client,
  { origin, path, headers, signal }: GetRequest,
): Promise<Sent> {
  endIdleSockets(agent);
  return new Promise((resolve) => {
    let isHeard = false;
    const request = sendRequest(origin, { path, headers, signal, agent }, (answer) => {
      answer.once("close", noteUse);
      if (answer.statusCode === SWITCHING_PROTOCOLS) answer.socket.destroy();
      resolve({ answer });
    });
    request.once("socket", (socket) => {
      // Before the parser, which reports what it can't read at once.
      socket.prependOnceListener("data", () => {
        isHeard = true;
      });
    });
    // Without a listener Node ends the connection and says nothing: the call would wait past its deadline.
    request.once("upgrade", (answer, socket) => {
      socket.destroy();
      resolve({ answer });
    });
    request.on("error", (error) => resolve({ error, isUnheard: request.reusedSocket && !isHeard }));
    request.end();
  });
}

let loadedPlainClient: Promise<Client> | undefined;

/** Imported late: `node:http` takes longer than the rest of a worker's start, and only tests go without TLS. */
function plainClient(): Promise<Client> {
  loadedPlainClient ??= import("node:http").then(({ default: { Agent, request } }) => ({
    request,
    agent: new Agent(KEPT_OPEN),
  }));
  return loadedPlainClient;
}
