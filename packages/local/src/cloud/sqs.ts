import { buildApp } from "fauxqs";
import type { Emulator } from "./emulator.ts";

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
