import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { WorkerInvoker } from "@sluice/core/ports";
import { createLambdaInvoker } from "./lambda-invoker.ts";

/** {@link WorkerInvoker} on Lambda. `client` must be one that never repeats: `createInvokeOnceClient`. */
export function createLambdaWorkerInvoker(client: LambdaClient, functionName: string): WorkerInvoker {
  return createLambdaInvoker(client, functionName, "worker");
}
