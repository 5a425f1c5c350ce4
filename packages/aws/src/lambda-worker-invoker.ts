import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { WorkerInvoker } from "@sluice/core/ports";
import { createLambdaInvoker } from "./lambda-invoker.ts";

/**
 * {@link WorkerInvoker} on Lambda.
 * @param client one that never repeats a call: `createInvokeOnceClient`
 */
export function createLambdaWorkerInvoker(client: LambdaClient, functionName: string): WorkerInvoker {
  return createLambdaInvoker(client, functionName, "worker");
}
