export { ProviderFault, ProviderThrottled, RecordRejected } from "./call-errors.ts";
export type { FetchJob, WorkerJob } from "./fetch-job.ts";
export { handleRequest, type WorkerDeps } from "./handle-request.ts";
