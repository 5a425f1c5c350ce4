import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "@sluice/core/errors";

/* Loads one worker as Lambda would, with the variables of this thread, and says what came of it. */

/** The outcome of loading a worker: absent problem, and it can begin. */
export interface Loading {
  readonly problem?: string;
}

async function load(url: string): Promise<Loading> {
  try {
    const { handler } = await import(url);
    return typeof handler === "function"
      ? {}
      : { problem: "it exports no handler: export what defineWorker makes" };
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}

parentPort?.postMessage(await load(workerData));
