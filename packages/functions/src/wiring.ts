import { dynamoDbTable } from "@sluice/aws/dynamodb-table";
import { createEventBridgeAnnouncer } from "@sluice/aws/event-bridge-announcer";
import { createEventBridgeClient } from "@sluice/aws/event-bridge-client";
import { createInvokeOnceClient } from "@sluice/aws/lambda-invoker";
import { createLambdaValves, createValveClient } from "@sluice/aws/lambda-valve";
import { createLambdaWorkerInvoker } from "@sluice/aws/lambda-worker-invoker";
import { createPowertoolsLog } from "@sluice/aws/powertools-log";
import { createPowertoolsMetrics } from "@sluice/aws/powertools-metrics";
import { createSqsClient, createSqsQueue } from "@sluice/aws/sqs-queue";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { assembleBreaker } from "@sluice/core/breaker";
import type { DeploymentMode } from "@sluice/core/deployment";
import { createHistorian } from "@sluice/core/history";
import { observeOnly, productionLaw, productionLawBeside } from "@sluice/core/law";
import { byLane, LANES, type Lane } from "@sluice/core/provider";
import { createLedger } from "@sluice/core/runs";
import { quotasPartOf } from "@sluice/core/steering/quotas";
import {
  createBreakerStore,
  createEventStore,
  createFetchStore,
  createHistoryStore,
  createOrdersStore,
  createPermitItems,
  createQuotaStore,
  createRunStore,
} from "@sluice/core/storage";
import { idleReconciler } from "@sluice/core/valve";
import type { WakerDeps } from "@sluice/core/waker";
import { breakerEnvironment } from "./function-environment.ts";

/** The parts of ventilator and waker, built once per execution environment. */
export interface Wiring {
  readonly mode: DeploymentMode;
  readonly deps: WakerDeps;
  /** The lane of the queue of this name. */
  laneNamed(name: string): Lane;
}

/** Connects ventilator or waker to AWS as its environment says. Clients open no connection before they are used. */
export function wire(functionName: "ventilator" | "waker"): Wiring {
  const variables = breakerEnvironment();
  const { provider, mode, ventilatorName } = variables;
  const table = dynamoDbTable(variables.tableName);
  const sqs = createSqsClient();
  const lambda = createValveClient();
  const queues = byLane((lane) => createSqsQueue(sqs, variables.queueUrls[lane]));
  const ports = {
    provider,
    law: mode === "governed" ? productionLawBeside(provider.breaker.shadow) : observeOnly(productionLaw),
    clock: systemClock,
    ids: systemIds,
    random: systemRandom,
    log: createPowertoolsLog(functionName, { provider: provider.id }),
    metrics: createPowertoolsMetrics(provider.id, variables.environment, variables.metrics),
    items: createPermitItems(table, provider.id),
    store: createBreakerStore(table, provider.id),
    orders: createOrdersStore(table, provider.id),
    events: createEventStore(table, provider.id, systemClock.nowMs),
    valves: createLambdaValves(lambda, ventilatorName, variables.queueArns),
  };
  const history = createHistoryStore(table, provider.id, systemClock.nowMs);
  const deps: WakerDeps = {
    ...ports,
    ...assembleBreaker(ports, mode === "governed" ? {} : { reconciler: idleReconciler }),
    ...quotasPartOf(ports, () => createQuotaStore(table, provider.id)),
    fetches: createFetchStore(table),
    ledger: createLedger({
      ...ports,
      provider: provider.id,
      runs: createRunStore(table, provider.id),
      history,
      announcer: createEventBridgeAnnouncer(createEventBridgeClient(), variables.eventBus),
    }),
    historian: createHistorian({ ...ports, history }),
    worker: createLambdaWorkerInvoker(createInvokeOnceClient(), variables.workerName),
    deadLetters: createSqsQueue(sqs, variables.deadLetterQueueUrl),
    queues,
  };
  const laneNamed = (name: string) =>
    LANES.find((lane) => variables.queueUrls[lane].endsWith(`/${name}`)) ?? "records";
  return { mode, deps, laneNamed };
}
