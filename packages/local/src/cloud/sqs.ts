import { startFauxqs } from "fauxqs";
import type { Emulator } from "./emulator.ts";

/** Starts an SQS in this process, in memory, on a free port. */
export async function startSqs(): Promise<Emulator> {
  const server = await startFauxqs({ port: 0, logger: false });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop() };
}
