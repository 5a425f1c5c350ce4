import type { IncomingMessage, RequestOptions } from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";

/** A request for what lies under a path. */
export interface GetRequest {
  /** Such as `https://api.acme.example`. */
  readonly origin: string;
  /** Goes over the wire as it stands. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the call, whatever its state. */
  readonly signal: AbortSignal;
}

/** An answer, whatever its status. */
export interface GetAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** One worker runs one call at a time; the connection stays open for the next, unless the provider says otherwise. */
const CONNECTION = { keepAlive: true, maxSockets: 1, timeout: 30_000 } as const;

type Client = (
  origin: string,
  options: RequestOptions,
  onAnswer: (answer: IncomingMessage) => void,
) => Request;
type Request = ReturnType<typeof https.request>;

const secureAgent = new https.Agent(CONNECTION);

/**
 * Sends one GET, and reads the whole answer. It repeats nothing and follows no redirect. Rejects where there is no
 * whole answer.
 */
export async function httpGet({ origin, path, headers, signal }: GetRequest): Promise<GetAnswer> {
  const client = origin.startsWith("https:") ? secureClient : await plainClient();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  client(origin, { path, headers, signal }, resolve).on("error", reject).end();
  const answer = await promise;
  return {
    status: answer.statusCode ?? 0,
    retryAfter: answer.headers["retry-after"],
    text: await text(answer),
  };
}

function secureClient(...[origin, options, onAnswer]: Parameters<Client>): Request {
  return https.request(origin, { ...options, agent: secureAgent }, onAnswer);
}

let loadedPlainClient: Promise<Client> | undefined;

/** Importing `node:http` takes longer than all else of a worker's start, and only providers in tests go without TLS. */
function plainClient(): Promise<Client> {
  loadedPlainClient ??= import("node:http").then(({ default: http }) => {
    const agent = new http.Agent(CONNECTION);
    return (origin, options, onAnswer) => http.request(origin, { ...options, agent }, onAnswer);
  });
  return loadedPlainClient;
}
