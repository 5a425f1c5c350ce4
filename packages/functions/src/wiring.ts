import { dynamoDbTable } from "@sluice/aws/dynamodb-table";
import { createInvokeOnceClient } from "@sluice/aws/lambda-invoker";
import { createLambdaValve, createValveClient } from "@sluice/aws/lambda-valve";
import { createLambdaWorkerInvoker } from "@sluice/aws/lambda-worker-invoker";
import { createPowertoolsLog } from "@sluice/aws/powertools-log";
import { createPowertoolsMetrics } from "@sluice/aws/powertools-metrics";
import { createSqsClient, createSqsQueue } from "@sluice/aws/sqs-queue";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { createBreaker } from "@sluice/core/breaker";
import type { DeploymentMode } from "@sluice/core/deployment";
import { observeOnly, sluiceLaw } from "@sluice/core/law";
import { createPermitPool } from "@sluice/core/permits";
import type { Queue } from "@sluice/core/ports";
import {
  createBreakerStore,
  createEventStore,
  createFetchStore,
  createPermitItems,
} from "@sluice/core/storage";
import { createReconciler, idleReconciler, permitBoundsOf } from "@sluice/core/valve";
import type { WakerDeps } from "@sluice/core/waker";
import { type BreakerEnvironment, breakerEnvironment } from "./function-environment.ts";

/** The parts of ventilator and waker, built once per execution environment. */
export interface Wiring {
  readonly mode: DeploymentMode;
  readonly deps: WakerDeps;
  /** The queue that a batch came from. */
  queueNamed(name: string): Queue;
}

/** Connects ventilator or waker to AWS as its environment says. Clients open no connection before they are used. */
export function wire(functionName: "ventilator" | "waker"): Wiring {
  const environment = breakerEnvironment();
  const { provider, mode } = environment;
  const isGoverned = mode === "governed";
  const world = {
    clock: systemClock,
    ids: systemIds,
    random: systemRandom,
    log: createPowertoolsLog(functionName, { provider: provider.id }),
    metrics: createPowertoolsMetrics(provider.id, environment.environment),
  };
  const table = dynamoDbTable(environment.tableName);
  const bounds = permitBoundsOf(provider);
  const items = createPermitItems(table, provider.id);
  const store = createBreakerStore(table, provider.id);
  const events = createEventStore(table, provider.id, systemClock.nowMs);
  const valves = valvesOf(environment);
  const reconciler = isGoverned
    ? createReconciler({ ...world, provider, valves, store, events })
    : idleReconciler;
  const breaker = createBreaker({
    ...world,
    provider,
    law: isGoverned ? sluiceLaw : observeOnly(sluiceLaw),
    items,
    bounds,
    store,
    events,
    reconciler,
  });
  const sqs = createSqsClient();
  const queues = {
    records: createSqsQueue(sqs, environment.recordsQueueUrl),
    express: createSqsQueue(sqs, environment.expressQueueUrl),
  };
  return {
    mode,
    deps: {
      ...world,
      provider,
      fetches: createFetchStore(table),
      permits: createPermitPool(items, bounds, systemRandom),
      worker: createLambdaWorkerInvoker(createInvokeOnceClient(), environment.workerName),
      deadLetters: createSqsQueue(sqs, environment.deadLetterQueueUrl),
      breaker,
      reconciler,
      items,
      bounds,
      queues,
      valves,
    },
    queueNamed: (name) =>
      environment.expressQueueUrl.endsWith(`/${name}`) ? queues.express : queues.records,
  };
}

function valvesOf({
  ventilatorName,
  recordsQueueArn,
  expressQueueArn,
}: BreakerEnvironment): WakerDeps["valves"] {
  const client = createValveClient();
  const valveOf = (queueArn: string) => createLambdaValve(client, { functionName: ventilatorName, queueArn });
  return { records: valveOf(recordsQueueArn), express: valveOf(expressQueueArn) };
}
