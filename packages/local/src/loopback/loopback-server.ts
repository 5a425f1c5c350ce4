import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type BodyRules, requestRefusalOf } from "./request-refusal.ts";

/** A server that listens on this machine only. */
export interface LoopbackServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** Closes all connections, those with requests under way too. May be called again. */
  close(): Promise<void>;
}

/** The port of a server, and the requests that it takes. */
export interface LoopbackOptions {
  /** Left out, or 0: any free port. */
  readonly port?: number;
  readonly body: BodyRules;
  /** The field of a refusal's JSON that tells the problem; left out: `message`, which AWS's clients show. */
  readonly problemField?: "error" | "message";
}

/** As much as a request to DynamoDB may have, the largest of AWS's that are served here. */
export const AWS_BODY_MAX_BYTES: number = 16 * 1024 * 1024;

const LOOPBACK = "127.0.0.1";

/**
 * Lets a server listen on the loopback interface, and its listeners see only requests of programs on this machine, with
 * bodies of the expected types and lengths. Refused ones are answered, and what still comes of their bodies is dropped.
 */
export async function listenOnLoopback(server: Server, options: LoopbackOptions): Promise<LoopbackServer> {
  guard(server, options);
  server.listen(options.port ?? 0, LOOPBACK);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Puts the refusals before all that listens to the server's requests. */
function guard(server: Server, { body, problemField = "message" }: LoopbackOptions): void {
  const listeners = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const refusal = requestRefusalOf(request, body);
    if (refusal === undefined) {
      for (const listener of listeners) Reflect.apply(listener, server, [request, response]);
      return;
    }
    refuse(request, response, refusal.status, { [problemField]: refusal.problem });
  });
}

/** Answers at once, and drops the body. The end waits for the body's: a client that still sends would see a reset. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, problem: object): void {
  const answer = JSON.stringify(problem);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(answer),
  });
  response.write(answer);
  // Who goes away while it sends what nobody reads has lost nothing.
  request.on("error", () => {});
  request.once("close", () => response.end());
  request.resume();
}
