import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { BootSettings, BootstrapMessage, CallRequest } from "./bootstrap-protocol.ts";
import { errorPayload, handlerMissing, loadErrorPayload, unhandledPayload } from "./error-payloads.ts";

/*
 * Runs in each execution environment: imports the bundle once, then runs its handler for one call after the other,
 * with the context that Lambda's Node.js runtime makes:
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */

/** Exit codes of Lambda's Node.js runtime after it has reported the error that ends it. */
const EXIT_CODES = { uncaughtException: 129, unhandledRejection: 128 } as const;

type Handler = (event: unknown, context: object) => unknown;

const settings: BootSettings = workerData;
// Keeps the thread until it is terminated, even if the bundle can't be loaded.
parentPort?.ref();
let isReady = false;
process.on("uncaughtException", (thrown) => endWith("uncaughtException", errorPayload(thrown)));
process.on("unhandledRejection", (reason) => endWith("unhandledRejection", unhandledPayload(reason)));
const handler = await loadHandler();
if (handler !== undefined) {
  parentPort?.on("message", (request: CallRequest) => void serve(handler, request));
  isReady = true;
  send({ kind: "ready" });
}

/** Reports an error that no promise of the handler's took, then ends the environment. */
function endWith(reason: keyof typeof EXIT_CODES, payload: string): void {
  send({ kind: isReady ? "crashed" : "init-failed", payload });
  process.exit(EXIT_CODES[reason]);
}

async function loadHandler(): Promise<Handler | undefined> {
  try {
    const bundle: { handler?: unknown } = await import(pathToFileURL(settings.bundlePath).href);
    if (typeof bundle.handler === "function") return bundle.handler as Handler;
    send({ kind: "init-failed", payload: handlerMissing(settings.bundlePath) });
  } catch (thrown) {
    send({ kind: "init-failed", payload: loadErrorPayload(thrown) });
  }
  return undefined;
}

async function serve(handle: Handler, request: CallRequest): Promise<void> {
  try {
    const answer = await handle(JSON.parse(request.payload), contextOf(request));
    send({ kind: "answered", payload: JSON.stringify(answer) ?? "null" });
  } catch (thrown) {
    send({ kind: "threw", payload: errorPayload(thrown) });
  }
}

function contextOf({ requestId, deadlineAtMs }: CallRequest): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: settings.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: settings.functionArn,
    memoryLimitInMB: String(settings.memoryMb),
    awsRequestId: requestId,
    logGroupName: settings.logGroupName,
    logStreamName: settings.logStreamName,
    getRemainingTimeInMillis: () => deadlineAtMs - Date.now(),
  };
}

function send(message: BootstrapMessage): void {
  parentPort?.postMessage(message);
}
