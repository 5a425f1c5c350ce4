import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { createSqsClientFor } from "@sluice/local/cloud";
import { expect, vi } from "vitest";
import { FAUXQS_FOLDER } from "./variable.ts";

/** A fauxqs that runs in this process, and a client of it. */
export interface StartedFauxqs {
  readonly client: SQSClient;
  /** Lets time pass for its queues, as if so long a time had. */
  pass(durationMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** What fauxqs exports, as far as it is needed here. */
interface Fauxqs {
  startFauxqs(options: { port: number; logger: boolean }): Promise<{ port: number; stop(): Promise<void> }>;
}

/** Node tells here of each request that a server of this process gets. */
const REQUESTS = "http.server.request.start";

/** Starts it on timers that go on by themselves, and can be made to leap. */
export async function startFauxqs(): Promise<StartedFauxqs> {
  const entry = join(process.env[FAUXQS_FOLDER] ?? "", "node_modules/fauxqs/dist/app.js");
  const fauxqs: Fauxqs = await import(pathToFileURL(entry).href);
  vi.useFakeTimers({
    shouldAdvanceTime: true,
    toFake: ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"],
  });
  const server = await fauxqs.startFauxqs({ port: 0, logger: false });
  const client = createSqsClientFor(`http://127.0.0.1:${server.port}`, "us-east-1");
  const counts = { sent: 0, received: 0 };
  const countReceived = () => {
    counts.received += 1;
  };
  subscribe(REQUESTS, countReceived);
  client.middlewareStack.add(
    (next) => (call) => {
      counts.sent += 1;
      return next(call);
    },
    // Behind the SDK's repeats, each of which is a request.
    { step: "deserialize" },
  );
  return {
    client,
    async pass(durationMs) {
      // A request that waits has to have come in before time passes.
      await expect.poll(() => counts.received).toBe(counts.sent);
      await vi.advanceTimersByTimeAsync(durationMs);
    },
    async stop() {
      unsubscribe(REQUESTS, countReceived);
      client.destroy();
      vi.useRealTimers();
      await server.stop();
    },
  };
}
