import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type ConsoleParts, createConsoleApp } from "./console-app.ts";

/** A console that listens on this machine. */
export interface ConsoleServer {
  /** The address that opens the page, with its token. */
  readonly url: string;
  /** Closes all connections. */
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";
const TOKEN_BYTES = 18;

/** Serves the page on the loopback. @param port left out: any free one */
export async function serveConsole(
  parts: Omit<ConsoleParts, "token">,
  { port = 0 }: { readonly port?: number } = {},
): Promise<ConsoleServer> {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const app = createConsoleApp({ ...parts, token });
  const server = serve({ fetch: app.fetch, hostname: LOOPBACK, port });
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${own}/?token=${token}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}
