import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";
import dynalite from "dynalite";

/* Runs in a thread of its own: a DynamoDB in memory, on a free port of this machine, which is its only message. */

const server = dynalite({ createTableMs: 0 });
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  parentPort?.postMessage(port);
});
