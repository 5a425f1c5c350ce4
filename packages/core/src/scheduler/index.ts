export type { EnqueueOptions } from "./enqueue-options.ts";
export type { RecordInput } from "./record-input.ts";
export type { EnqueueResult } from "./run-count.ts";
export { RunRefused } from "./run-refused.ts";
export { createScheduler, EnqueueInterrupted, type Scheduler } from "./scheduler.ts";
