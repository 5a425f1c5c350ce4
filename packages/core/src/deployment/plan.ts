import {
  LAMBDA_TIMEOUT_MAX_MS,
  MAXIMUM_CONCURRENCY_MIN,
  RECEIVE_COUNT_MAX,
  RETENTION_MAX_MS,
} from "../aws-bounds.ts";
import type { ValveSettings } from "../ports/valve.ts";
import { type ByLane, byLane, LANES } from "../provider/lane.ts";
import { namesOf, type ProviderNames } from "../provider/names.ts";
import type { Provider } from "../provider/provider.ts";
import { queueTagsOf } from "../provider/queue-tags.ts";
import { WAKE_EVERY_MS, wakerTimeoutMsOf } from "../waker/waker-times.ts";
import { attended } from "./attended-provider.ts";
import { WAKER_CONCURRENCY } from "./concurrency-budget.ts";
import { DEFAULT_BUS } from "./event-bus.ts";
import type { MetricScope } from "./metrics.ts";
import { isDryRun } from "./stage.ts";

/** Plain data of all that has to exist for a provider in one environment, in AWS or the embedded cloud. */
export interface DeploymentPlan {
  readonly names: ProviderNames;
  readonly table: TablePlan;
  /** Created before the queues that name it. */
  readonly deadLetterQueue: QueuePlan;
  readonly queues: ByLane<QueuePlan>;
  readonly ventilator: FunctionPlan;
  readonly worker: WorkerPlan;
  readonly waker: WakerPlan;
  /** The function between queues and ventilator while a developer is attached; absent otherwise. */
  readonly relay?: FunctionPlan;
  readonly mappings: ByLane<MappingPlan>;
}

/**
 * The table: keys are texts, as ElectroDB's entities make them; rows vanish after the expiry, in epoch
 * seconds.
 */
export interface TablePlan {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly expiryAttribute: string;
}

/** A FIFO queue in high-throughput mode. */
export interface QueuePlan {
  readonly name: string;
  readonly visibilityTimeoutMs: number;
  readonly retentionMs: number;
  /** The queue to which SQS moves a message that is received more than `maxReceiveCount` times. */
  readonly deadLetterQueue?: string;
  readonly maxReceiveCount?: number;
  /** The facts about the provider that a scheduler elsewhere needs, which has no catalog. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A Lambda function. Its environment holds only what is known before anything is deployed. */
export interface FunctionPlan {
  readonly name: string;
  /** Path below the functions package's sources, without extension; it exports `handler`. */
  readonly entry: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Invocations at once, which the function can neither exceed nor be short of; absent: as many as the account has left. */
  readonly reservedConcurrency?: number;
}

/** The function that calls the provider, and the names of the secrets that it alone is given. */
export interface WorkerPlan extends FunctionPlan {
  readonly secrets: readonly string[];
}

/**
 * The breaker's part: it decides, or, in a deployment that a developer debugs (`attended`), only says what it
 * would decide, because a breakpoint looks like an outage.
 */
export type DeploymentMode = "governed" | "attended";

/** A function that a schedule calls. */
export interface WakerPlan extends FunctionPlan {
  readonly everyMs: number;
}

/** An event source mapping from a queue to a function. */
export interface MappingPlan {
  readonly queue: string;
  readonly functionName: string;
  /** Settings to begin with; from then on they are the breaker's, and no deploy touches them. */
  readonly settings: ValveSettings;
}

/** Retention of a message, the longest that SQS has: a queue may be held for days. */
const RETENTION_MS = RETENTION_MAX_MS;
/**
 * Receives after which a message is moved. Only a backstop: attempts are counted in the table, and handing
 * back counts as a receive.
 */
const MAX_RECEIVE_COUNT = RECEIVE_COUNT_MAX;

/** Settings that the breaker begins with: AWS's least, so that a new mapping can't flood a provider. */
const FLOOR = { batchSize: 1, maximumConcurrency: MAXIMUM_CONCURRENCY_MIN } as const;
/** Wishes of an environment for a plan. */
export interface PlanOptions {
  /** X is reserved for the worker: AWS then enforces the bound once more, and no other function can take it away. */
  readonly reservesConcurrency?: boolean;
  /** Name of the bus that is told of runs; by default the account's own. */
  readonly bus?: string;
  /** The metrics that are told; by default those that alarms need. */
  readonly metrics?: MetricScope;
}

/** Plans a provider's deployment; the same plan is deployed to AWS and to the embedded cloud. */
export function planOf(
  contract: Provider,
  environment: string,
  mode: DeploymentMode = "governed",
  { reservesConcurrency = false, bus = DEFAULT_BUS, metrics = "alarms" }: PlanOptions = {},
): DeploymentPlan {
  const names = namesOf(environment, contract.id);
  const provider = mode === "attended" ? attended(contract) : contract;
  const { ventilator, worker } = provider;
  const isReserved = reservesConcurrency && mode === "governed";
  // Its settings are the worker's alone, which has them as variables.
  const SLUICE_PROVIDER = JSON.stringify({ ...provider, worker: { ...worker, environment: {} } });
  const breakerEnvironment = {
    SLUICE_PROVIDER,
    SLUICE_ENVIRONMENT: environment,
    SLUICE_MODE: mode,
    SLUICE_TABLE: names.table,
    SLUICE_EVENT_BUS: bus,
    SLUICE_METRICS: metrics,
    SLUICE_WORKER: names.worker,
    SLUICE_VENTILATOR: names.ventilator,
  };
  const mapping = {
    functionName: mode === "attended" ? names.relay : names.ventilator,
    settings: { isEnabled: mode === "governed", ...FLOOR },
  };
  return {
    names,
    table: tableNamed(names.table),
    ...queuesOf(provider, names),
    ventilator: {
      name: names.ventilator,
      entry: "ventilator",
      timeoutMs: ventilator.timeoutMs,
      memoryMb: ventilator.memoryMb,
      environment: breakerEnvironment,
    },
    worker: {
      name: names.worker,
      ...(isDryRun(environment)
        ? { entry: "workers/dry-run", secrets: [] }
        : { entry: `workers/${worker.name}`, secrets: worker.secrets }),
      timeoutMs: worker.timeoutMs,
      memoryMb: worker.memoryMb,
      ...(isReserved && { reservedConcurrency: provider.maxConcurrency }),
      environment: { ...worker.environment, SLUICE_PROVIDER },
    },
    waker: {
      name: names.waker,
      entry: "waker",
      timeoutMs: wakerTimeoutMsOf(provider),
      memoryMb: ventilator.memoryMb,
      ...(isReserved && { reservedConcurrency: WAKER_CONCURRENCY }),
      environment: breakerEnvironment,
      everyMs: WAKE_EVERY_MS,
    },
    ...(mode === "attended" && { relay: relayOf(provider, names) }),
    mappings: byLane((lane) => ({ queue: names.queues[lane], ...mapping })),
  };
}

/** The table under a name. Its keys are the fields that the entities' indexes name. */
export function tableNamed(name: string): TablePlan {
  return { name, partitionKey: "pk", sortKey: "sk", expiryAttribute: "expiresAtSeconds" };
}

/** All queues of a plan, in the order in which they have to be created. */
export function queuesInOrder({
  deadLetterQueue,
  queues,
}: Pick<DeploymentPlan, "deadLetterQueue" | "queues">): readonly QueuePlan[] {
  return [deadLetterQueue, ...LANES.map((lane) => queues[lane])];
}

function queuesOf(
  provider: Provider,
  names: ProviderNames,
): Pick<DeploymentPlan, "deadLetterQueue" | "queues"> {
  const { visibilityTimeoutMs } = provider.queue;
  const common = { visibilityTimeoutMs, retentionMs: RETENTION_MS };
  const source = {
    ...common,
    deadLetterQueue: names.deadLetterQueue,
    maxReceiveCount: MAX_RECEIVE_COUNT,
    tags: queueTagsOf(provider),
  };
  return {
    deadLetterQueue: { name: names.deadLetterQueue, ...common },
    queues: byLane((lane) => ({ name: names.queues[lane], ...source })),
  };
}

/**
 * The relay. It waits for the ventilator until messages are visible again, or for Lambda's longest timeout if
 * that is shorter.
 */
function relayOf({ queue, ventilator }: Provider, names: ProviderNames): FunctionPlan {
  return {
    name: names.relay,
    entry: "relay",
    timeoutMs: Math.min(queue.visibilityTimeoutMs, LAMBDA_TIMEOUT_MAX_MS),
    memoryMb: ventilator.memoryMb,
    environment: { SLUICE_VENTILATOR: names.ventilator },
  };
}
