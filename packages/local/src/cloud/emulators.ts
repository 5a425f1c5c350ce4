import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { buildApp } from "fauxqs";

/** A service of the embedded cloud that is reached over HTTP. */
export interface Emulator {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts an SQS in memory, on a free port of this machine only. */
export async function startSqs(): Promise<Emulator> {
  const app = buildApp({ logger: false });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    url,
    stop: async () => {
      await app.close();
    },
  };
}

/** Starts a DynamoDB in memory, on a free port. It has a thread of its own, because it is the busiest of all. */
export async function startDynamoDb(): Promise<Emulator> {
  const thread = new Worker(new URL("./dynamodb-thread.ts", import.meta.url));
  const [port] = await once(thread, "message");
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await thread.terminate();
    },
  };
}
