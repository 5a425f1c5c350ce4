import { dynamoDbTable } from "@sluice/aws/dynamodb-table";
import { createLambdaValve, createValveClient } from "@sluice/aws/lambda-valve";
import { createInvokeOnceClient, createLambdaWorkerInvoker } from "@sluice/aws/lambda-worker-invoker";
import { createPowertoolsLog } from "@sluice/aws/powertools-log";
import { createPowertoolsMetrics } from "@sluice/aws/powertools-metrics";
import { createSqsClient, createSqsQueue } from "@sluice/aws/sqs-queue";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { createBreaker } from "@sluice/core/breaker/breaker";
import { createBreakerStore } from "@sluice/core/breaker/breaker-store";
import { createEventStore } from "@sluice/core/breaker/event-store";
import { sluiceLaw } from "@sluice/core/breaker/sluice/sluice-law";
import { permitBoundsOf } from "@sluice/core/permits/permit-bounds";
import { createPermitItems } from "@sluice/core/permits/permit-items";
import { createPermitPool } from "@sluice/core/permits/permit-pool";
import type { Queue } from "@sluice/core/ports/queue";
import { createFetchStore } from "@sluice/core/records/fetch-store";
import { createReconciler } from "@sluice/core/valve/reconciler";
import type { WakerDeps } from "@sluice/core/waker/deps";
import { type BreakerEnvironment, breakerEnvironment } from "./environment.ts";

/** The parts of ventilator and waker, built once per execution environment. */
export interface Wiring {
  readonly deps: WakerDeps;
  /** The queue that a batch came from. */
  queueNamed(name: string): Queue;
}

/** Connects ventilator or waker to AWS as its environment says. Clients open no connection before they are used. */
export function wire(functionName: "ventilator" | "waker"): Wiring {
  const environment = breakerEnvironment();
  const { provider } = environment;
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
  const reconciler = createReconciler({ ...world, provider, valves, store, events });
  const breaker = createBreaker({
    ...world,
    provider,
    law: sluiceLaw,
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
