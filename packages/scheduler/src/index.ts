export { createScheduler, type Scheduler, type SchedulerOptions } from "@sluice/aws/scheduler";
export { SluiceError, type SluiceErrorCode } from "@sluice/core/errors";
export type { RecordState, RecordStatus, Wait } from "@sluice/core/record-status";
export type { RunStatus } from "@sluice/core/runs";
export {
  EnqueueInterrupted,
  type EnqueueOptions,
  type EnqueueResult,
  type RecordInput,
  RunRefused,
} from "@sluice/core/scheduler";
