import type { IncomingMessage, RequestOptions } from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";

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

/** A whole answer, of any status. */
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
 * Sends one GET, and reads the whole answer. It repeats nothing and follows no redirect; it rejects with Node's own
 * error if there is no whole answer or if `signal` aborts.
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

/** Imported late: `node:http` takes longer than the rest of a worker's start, and only tests go without TLS. */
function plainClient(): Promise<Client> {
  loadedPlainClient ??= import("node:http").then(({ default: http }) => {
    const agent = new http.Agent(CONNECTION);
    return (origin, options, onAnswer) => http.request(origin, { ...options, agent }, onAnswer);
  });
  return loadedPlainClient;
}
