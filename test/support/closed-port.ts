import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

/** The URL of a port of this machine on which nobody listens. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}
