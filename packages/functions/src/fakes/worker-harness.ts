import { parseProvider, type WorkerOptions } from "@sluice/core/provider";
import { WORKER_CONTRACT_VERSION, type WorkerRequest } from "@sluice/core/worker";

/** The variable SLUICE_PROVIDER of a function, with these contract times and these changes to the worker's options. */
export function providerVariable(
  times: { slowAfterMs: number; timeoutMs: number },
  worker: Partial<WorkerOptions> = {},
): string {
  const provider = {
    id: "demo",
    maxConcurrency: 3,
    ...times,
    latency: { medianMs: 1, sigma: 0.5, minMs: 1, maxMs: 5 },
    worker: { name: "demo", ...worker },
  };
  return JSON.stringify(parseProvider(provider, "in a test"));
}

/** A request as a ventilator sends it, with a minute left. */
export function workerRequest(changes: Partial<WorkerRequest> = {}): WorkerRequest {
  return {
    version: WORKER_CONTRACT_VERSION,
    attemptId: "attempt-1",
    provider: "demo",
    recordId: "a",
    attempt: 1,
    runId: "run",
    correlationId: "trace",
    deadlineAtMs: Date.now() + 60_000,
    ...changes,
  };
}
