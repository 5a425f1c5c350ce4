import type { IncomingMessage, RequestOptions } from "node:http";
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

type Client = (
  origin: string,
  options: RequestOptions,
  onAnswer: (answer: IncomingMessage) => void,
) => Request;
type Request = ReturnType<typeof https.request>;

/** The status after which a connection speaks another protocol, and is of no use any more. */
const SWITCHING_PROTOCOLS = 101;

const secureAgent = new https.Agent(KEPT_OPEN);

/**
 * Sends one GET, and resolves with the answer once its headers are there: the caller reads its body, or drops it. It
 * follows no redirect. It sends the request once more if the first went out on a connection that the provider was about
 * to close, and repeats nothing else. It rejects with Node's own error if there is no answer or if `signal` aborts.
 */
export async function httpGet(request: GetRequest): Promise<IncomingMessage> {
  const client = request.origin.startsWith("https:") ? secureClient : await plainClient();
  const first = await send(client, request);
  if ("answer" in first) return first.answer;
  if (!first.isUnheard || request.signal.aborted) throw first.error;
  const second = await send(client, request);
  if ("answer" in second) return second.answer;
  throw second.error;
}

type Sent =
  | { readonly answer: IncomingMessage }
  /** `isUnheard`: the connection had been used before, and ended without a byte in answer to this request. */
  | { readonly error: unknown; readonly isUnheard: boolean };

function send(client: Client, { origin, path, headers, signal }: GetRequest): Promise<Sent> {
  return new Promise((resolve) => {
    let isHeard = false;
    const request = client(origin, { path, headers, signal }, (answer) => {
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

function secureClient(...[origin, options, onAnswer]: Parameters<Client>): Request {
  endIdleSockets(secureAgent);
  return https.request(origin, { ...options, agent: secureAgent }, onAnswer);
}

let loadedPlainClient: Promise<Client> | undefined;

/** Imported late: `node:http` takes longer than the rest of a worker's start, and only tests go without TLS. */
function plainClient(): Promise<Client> {
  loadedPlainClient ??= import("node:http").then(({ default: http }) => {
    const agent = new http.Agent(KEPT_OPEN);
    return (origin, options, onAnswer) => {
      endIdleSockets(agent);
      return http.request(origin, { ...options, agent }, onAnswer);
    };
  });
  return loadedPlainClient;
}
