import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type ConsoleParts, createConsoleApp } from "./console-app.ts";
import { createTickets } from "./tickets.ts";

/** A console that listens on this machine. */
export interface ConsoleServer {
  /** The address that opens the page, with its token. */
  readonly url: string;
  /** Makes an address that opens the page once, within a minute: for the command line of a browser, which others can see. */
  makeTicketUrl(): string;
  /** Closes all connections. */
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";
const TOKEN_BYTES = 18;

/** Serves the page on the loopback. @param port left out: any free one */
export async function serveConsole(
  parts: Omit<ConsoleParts, "token" | "tickets">,
  { port = 0 }: { readonly port?: number } = {},
): Promise<ConsoleServer> {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const tickets = createTickets();
  const app = createConsoleApp({ ...parts, token, tickets });
  const server = serve({ fetch: app.fetch, hostname: LOOPBACK, port });
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${own}/?token=${token}`,
    makeTicketUrl: () => `http://${LOOPBACK}:${own}/?ticket=${tickets.issue()}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}
