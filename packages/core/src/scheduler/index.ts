export type { EnqueueResult } from "./run-count.ts";
export { createScheduler, EnqueueInterrupted, type EnqueueOptions, type Scheduler } from "./scheduler.ts";
