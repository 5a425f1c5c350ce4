import { dynamoDbTable } from "@sluice/aws/dynamodb-table";
import { createInvokeOnceClient, createLambdaWorkerInvoker } from "@sluice/aws/lambda-worker-invoker";
import { createPowertoolsLog } from "@sluice/aws/powertools-log";
import { createSqsClient, createSqsQueue } from "@sluice/aws/sqs-queue";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { permitBoundsOf } from "@sluice/core/permits/permit-bounds";
import { createPermitItems } from "@sluice/core/permits/permit-items";
import { createPermitPool } from "@sluice/core/permits/permit-pool";
import type { Queue } from "@sluice/core/ports/queue";
import { createFetchStore } from "@sluice/core/records/fetch-store";
import type { VentilatorDeps } from "@sluice/core/ventilator/deps";
import { ventilatorEnvironment } from "./environment.ts";

/** A ventilator's parts, built once per execution environment. */
export interface VentilatorWiring {
  readonly deps: VentilatorDeps;
  /** The queue that a batch came from. */
  queueNamed(name: string): Queue;
}

/** Connects the ventilator to AWS as its environment says. */
export function wireVentilator(): VentilatorWiring {
  const environment = ventilatorEnvironment();
  const { provider } = environment;
  const table = dynamoDbTable(environment.tableName);
  const sqs = createSqsClient();
  const records = createSqsQueue(sqs, environment.recordsQueueUrl);
  const express = createSqsQueue(sqs, environment.expressQueueUrl);
  const permitItems = createPermitItems(table, provider.id);
  const deps: VentilatorDeps = {
    provider,
    fetches: createFetchStore(table),
    permits: createPermitPool(permitItems, permitBoundsOf(provider), systemRandom),
    worker: createLambdaWorkerInvoker(createInvokeOnceClient(), environment.workerName),
    deadLetters: createSqsQueue(sqs, environment.deadLetterQueueUrl),
    clock: systemClock,
    ids: systemIds,
    random: systemRandom,
    log: createPowertoolsLog("ventilator", { provider: provider.id }),
  };
  return {
    deps,
    queueNamed: (name) => (environment.expressQueueUrl.endsWith(`/${name}`) ? express : records),
  };
}
