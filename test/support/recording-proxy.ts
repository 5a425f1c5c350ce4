import { once } from "node:events";
import { createServer, type IncomingMessage, request as requestTo } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server that hands every request on, and tells of it. */
export interface RecordingProxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Puts a proxy before the HTTP server at `targetUrl`, on a free port; `note` is called with each request before it goes on. */
export async function startRecordingProxy(
  targetUrl: string,
  note: (request: WireRequest) => void,
): Promise<RecordingProxy> {
  const target = new URL(targetUrl);
  const server = createServer(async (request, response) => {
    const { method = "", url = "/", headers } = request;
    const body = await text(request);
    note({ method, url: new URL(url, targetUrl), headers, body });
    const options = { method, headers: { ...headers, host: target.host } };
    requestTo(new URL(url, targetUrl), options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    })
      // The client sees a broken connection, as it would without a proxy.
      .on("error", () => response.destroy())
      .end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
