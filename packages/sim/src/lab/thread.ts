import { parentPort } from "node:worker_threads";
import { caseRunner } from "./case-runner.ts";
import type { CaseRequest } from "./protocol.ts";

if (parentPort === null) throw new TypeError("this is the body of a worker thread");
const port = parentPort;
const run = caseRunner();

port.on("message", async (request: CaseRequest) => {
  // What throws here ends the thread, and the main thread learns of it.
  port.postMessage(await run(request));
});
