// What a worker's job may throw, beside the function that defines the worker.
export { ProviderFault, ProviderThrottled, RecordRejected } from "@sluice/core/job";
