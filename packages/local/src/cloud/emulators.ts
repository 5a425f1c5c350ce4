import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** A service of the embedded cloud that is reached over HTTP. */
export interface Emulator {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a DynamoDB in memory, on a free port. It has a thread of its own, because it is the busiest of all. */
export async function startDynamoDb(): Promise<Emulator> {
  const thread = new Worker(new URL("./dynamodb-thread.ts", import.meta.url));
  const [url] = await once(thread, "message");
  return {
    url,
    async stop() {
      await thread.terminate();
    },
  };
}
