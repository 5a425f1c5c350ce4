export {
  crashMessageOf,
  InvokedTooLate,
  missedAtMs,
  RequestUnreadable,
  StartMissed,
  WORKER_CRASHED,
  WorkerCrashed,
} from "./function-errors.ts";
export { type WorkerOutcome, type WorkerReply, workerReplySchema } from "./reply.ts";
export { WORKER_CONTRACT_VERSION, type WorkerRequest } from "./request.ts";
