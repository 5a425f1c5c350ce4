export type { AbortAfter } from "./abort-after.ts";
export type { Announcement, Announcer } from "./announcer.ts";
export type { BreakerStore, StoredBreaker } from "./breaker-store.ts";
export type { Clock } from "./clock.ts";
export type {
  AlarmReading,
  ClockReading,
  ConcurrencyReading,
  DeploymentReader,
  FunctionReading,
  MappingReading,
  PermissionNeed,
  QueueReading,
  QueueRole,
  Reading,
  UntoldTopic,
} from "./deployment-reader.ts";
export type { BreakerEvent, EventStore, LatestEvents } from "./event-store.ts";
export type { Attempt, ClaimRequest as Claim, Fetch, FetchStore } from "./fetch-store.ts";
export type { HistoryStore, Snapshot } from "./history-store.ts";
export type { Ids } from "./ids.ts";
export type { Log, LogFields } from "./log.ts";
export type { GaugeSample, Metrics, Trouble } from "./metrics.ts";
export type { Order, Orders } from "./orders.ts";
export type { OrdersStore } from "./orders-store.ts";
export type { Lease, PermitItems, PermitShard, Report, TakeRequest } from "./permit-items.ts";
export type {
  BrowsableQueue,
  Queue,
  QueueDepth,
  QueueEntry,
  ReceivedMessage,
  SendFailure,
  VisibilityChange,
  WholeMessage,
} from "./queue.ts";
export type { QuotaRequest, QuotaStore } from "./quota-store.ts";
export type { Random } from "./random.ts";
export type { ListedRun, Rosters } from "./rosters.ts";
export type { LostRecord, NewRun, Run, RunPlan, RunStore } from "./run-store.ts";
export type { Valve, ValveReading, ValveSettings, ValveState, ValveUpdate } from "./valve.ts";
export type { Invocation, WorkerInvoker } from "./worker-invoker.ts";
