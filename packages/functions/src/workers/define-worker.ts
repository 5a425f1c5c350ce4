import { createPowertoolsLog } from "@sluice/aws/powertools-log";
import { systemAbortAfter } from "@sluice/aws/system-abort-after";
import { systemClock } from "@sluice/aws/system-clock";
import { type FetchJob, handleRequest, type WorkerDeps } from "@sluice/core/job";
import type { WorkerReply } from "@sluice/core/worker";
import { workerEnvironment } from "../function-environment.ts";
import { nameCrashes } from "./name-crashes.ts";

export type { FetchJob, WorkerJob } from "@sluice/core/job";

/** Makes a worker's Lambda handler: it parses the request, bounds the call and answers with a versioned reply. */
export function defineWorker(fetchJob: FetchJob): (event: unknown) => Promise<WorkerReply> {
  const { provider } = workerEnvironment();
  const deps: WorkerDeps = {
    clock: systemClock,
    abortAfter: systemAbortAfter,
    log: createPowertoolsLog("worker", { provider: provider.id }),
    timeoutMs: provider.timeoutMs,
  };
  return async (event) => {
    // Not before: until a request comes, an error is one of loading, after which no job can have begun.
    nameCrashes();
    return handleRequest(event, fetchJob, deps);
  };
}
