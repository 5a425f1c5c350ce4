import { parentPort } from "node:worker_threads";
import { answerDay, type DayRequest } from "./day-request.ts";

if (parentPort === null) throw new TypeError("this is the body of a worker thread");
const port = parentPort;

// Refused writes are errors inside the storage code, thousands a day: their stacks would cost a third of the time.
Error.stackTraceLimit = 0;

port.on("message", async (request: DayRequest) => {
  // What throws here ends the thread, and the main thread learns of it.
  port.postMessage(await answerDay(request));
});
