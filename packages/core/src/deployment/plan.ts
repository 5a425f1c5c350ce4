import type { ValveSettings } from "../ports/valve.ts";
import { namesOf, type ProviderNames } from "../provider/names.ts";
import type { Provider } from "../provider/provider.ts";
import { shapeOf } from "../valve/shape.ts";
import { WAKE_EVERY_MS, wakerTimeoutMsOf } from "../waker/waker-times.ts";

/** What has to exist for a provider in one environment, as plain data: whoever deploys makes it so. */
export interface DeploymentPlan {
  readonly names: ProviderNames;
  readonly queues: readonly QueuePlan[];
  readonly ventilator: FunctionPlan;
  readonly worker: FunctionPlan;
  readonly waker: WakerPlan;
  readonly mappings: readonly MappingPlan[];
}

/** A FIFO queue in high-throughput mode. */
export interface QueuePlan {
  readonly name: string;
  readonly visibilityTimeoutMs: number;
  readonly retentionMs: number;
  /** Where SQS moves what is received more than `maxReceiveCount` times. */
  readonly deadLetterQueue?: string;
  readonly maxReceiveCount?: number;
}

/** A Lambda function. Its environment holds only what is known before anything is deployed. */
export interface FunctionPlan {
  readonly name: string;
  /** Path below the functions package's sources, without extension; it exports `handler`. */
  readonly entry: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A function that a schedule calls. */
export interface WakerPlan extends FunctionPlan {
  readonly everyMs: number;
}

/** An event source mapping from a queue to the ventilator. */
export interface MappingPlan {
  readonly queue: string;
  readonly settings: ValveSettings;
}

/** SQS's longest retention: a queue may be held for days. */
const RETENTION_MS = 14 * 24 * 60 * 60_000;
/** SQS's largest count, only a backstop: attempts are counted in the table, and handing back counts as a receive. */
const MAX_RECEIVE_COUNT = 1_000;

/** Plans a provider's deployment; the same plan is deployed to AWS and to the embedded cloud. */
export function planOf(provider: Provider, environment: string): DeploymentPlan {
  const names = namesOf(environment, provider.id);
  const { visibilityTimeoutMs } = provider.queue;
  const source = {
    visibilityTimeoutMs,
    retentionMs: RETENTION_MS,
    deadLetterQueue: names.deadLetterQueue,
    maxReceiveCount: MAX_RECEIVE_COUNT,
  };
  const shape = shapeOf(provider, { phase: "closed", limit: provider.maxConcurrency, epoch: 0 });
  const { ventilator, worker } = provider;
  const SLUICE_PROVIDER = JSON.stringify(provider);
  const breakerEnvironment = {
    SLUICE_PROVIDER,
    SLUICE_ENVIRONMENT: environment,
    SLUICE_TABLE: names.table,
    SLUICE_WORKER: names.worker,
    SLUICE_VENTILATOR: names.ventilator,
  };
  return {
    names,
    queues: [
      { name: names.deadLetterQueue, visibilityTimeoutMs, retentionMs: RETENTION_MS },
      { name: names.recordsQueue, ...source },
      { name: names.expressQueue, ...source },
    ],
    ventilator: {
      name: names.ventilator,
      entry: "ventilator",
      timeoutMs: ventilator.timeoutMs,
      memoryMb: ventilator.memoryMb,
      environment: breakerEnvironment,
    },
    worker: {
      name: names.worker,
      entry: `workers/${worker.name}`,
      timeoutMs: worker.timeoutMs,
      memoryMb: worker.memoryMb,
      environment: { ...worker.environment, SLUICE_PROVIDER },
    },
    waker: {
      name: names.waker,
      entry: "waker",
      timeoutMs: wakerTimeoutMsOf(provider),
      memoryMb: ventilator.memoryMb,
      environment: breakerEnvironment,
      everyMs: WAKE_EVERY_MS,
    },
    mappings: [
      { queue: names.recordsQueue, settings: shape.records },
      { queue: names.expressQueue, settings: shape.express },
    ],
  };
}
