import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { AbortAfter, WorkerInvoker } from "@sluice/core/ports";
import { createLambdaInvoker } from "./lambda-invoker.ts";

/**
 * {@link WorkerInvoker} on Lambda.
 * @param client one that never repeats a call: `createInvokeOnceClient`
 * @param abortAfter makes the signal that ends the wait; by default the machine's
 */
export function createLambdaWorkerInvoker(
  client: LambdaClient,
  functionName: string,
  abortAfter?: AbortAfter,
): WorkerInvoker {
  return createLambdaInvoker(client, functionName, "worker", abortAfter);
}
