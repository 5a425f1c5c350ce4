import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { BootSettings, BootstrapMessage, CallRequest } from "./bootstrap-protocol.ts";

/*
 * Runs in each execution environment: imports the bundle once, then runs its handler for one call after the other,
 * with the context that Lambda's Node.js runtime makes: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */

type Handler = (event: unknown, context: object) => unknown;

const settings: BootSettings = workerData;
// Keeps the thread until it is terminated, even if the bundle can't be loaded.
parentPort?.ref();
const handler = await loadHandler();
if (handler !== undefined) {
  parentPort?.on("message", (request: CallRequest) => void serve(handler, request));
  send({ kind: "ready" });
}

async function loadHandler(): Promise<Handler | undefined> {
  try {
    const bundle: { handler?: unknown } = await import(pathToFileURL(settings.bundlePath).href);
    if (typeof bundle.handler === "function") return bundle.handler as Handler;
    send({ kind: "init-failed", payload: handlerMissing() });
  } catch (thrown) {
    send({ kind: "init-failed", payload: errorPayload(thrown) });
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

function errorPayload(thrown: unknown): string {
  if (!(thrown instanceof Error)) {
    return JSON.stringify({ errorType: typeof thrown, errorMessage: String(thrown), trace: [] });
  }
  const trace = thrown.stack?.split("\n") ?? [];
  return JSON.stringify({ errorType: thrown.name, errorMessage: thrown.message, trace });
}

function handlerMissing(): string {
  const errorMessage = `${settings.bundlePath} exports no function named handler`;
  return JSON.stringify({ errorType: "Runtime.HandlerNotFound", errorMessage, trace: [] });
}

function send(message: BootstrapMessage): void {
  parentPort?.postMessage(message);
}
