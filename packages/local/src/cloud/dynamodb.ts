import type { AddressInfo } from "node:net";
import dynalite from "dynalite";
import type { Emulator } from "./emulator.ts";

/** Starts a DynamoDB in this process, in memory, on a free port. */
export async function startDynamoDb(): Promise<Emulator> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
