import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An HTTP server on a free port whose answers a test decides. */
export interface RawServer {
  readonly url: string;
  /** Paths of the requests that have come in, byte by byte. */
  readonly paths: readonly string[];
  stop(): Promise<void>;
}

/** Answers a request; one that does nothing leaves it hanging. */
export type Answering = (response: ServerResponse, request: IncomingMessage) => void;

/** Starts a server that answers every request by `answer`. */
export async function startRawServer(answer: Answering): Promise<RawServer> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? "");
    answer(response, request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    paths,
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers every request alike. */
export function answerWith(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Answering {
  return (response) => {
    response.writeHead(status, headers).end(body);
  };
}
