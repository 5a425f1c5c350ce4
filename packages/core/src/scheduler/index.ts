export {
  createScheduler,
  EnqueueInterrupted,
  type EnqueueOptions,
  type EnqueueResult,
  type Scheduler,
} from "./scheduler.ts";
