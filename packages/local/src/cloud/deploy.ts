import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { type DeploymentPlan, type FunctionPlan, planOf } from "@sluice/core/deployment/plan";
import type { Queue } from "@sluice/core/ports/queue";
import type { Provider } from "@sluice/core/provider/provider";
import type { Table } from "@sluice/core/records/table";
import { bundleHandler } from "./bundle.ts";
import type { Cloud } from "./cloud.ts";
import { type CreatedQueue, createQueue } from "./create-queue.ts";
import { createTable } from "./create-table.ts";
import { endpointVariables } from "./endpoints.ts";

/** A provider that is deployed into a cloud. */
export interface Deployment {
  readonly provider: Provider;
  readonly plan: DeploymentPlan;
  readonly table: Table;
  readonly queues: { readonly records: Queue; readonly express: Queue };
  readonly deadLetterQueueUrl: string;
  /** UUIDs of the event source mappings. */
  readonly mappings: readonly string[];
}

/** What a deployment may change; what is left out follows the plan. */
export interface DeployOptions {
  /** Part of every name, so that several deployments can share a cloud. */
  readonly environment: string;
  /** Added to every function's environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How often the waker is called, instead of as planned: a local run has no minute to lose. */
  readonly wakeEveryMs?: number;
}

/** Deploys a provider as planned: table, queues, functions from their bundles, and the mappings between them. */
export async function deploy(cloud: Cloud, provider: Provider, options: DeployOptions): Promise<Deployment> {
  const plan = planOf(provider, options.environment);
  const { names } = plan;
  await createTable(cloud.clients.dynamodb, names.table);
  const created = await createQueues(cloud, plan);
  const urlOf = (name: string) => created.get(name)?.url ?? "";
  const arnOf = (name: string) => created.get(name)?.arn ?? "";
  const variables = { ...endpointVariables(cloud.endpoints), ...options.variables };
  await deployFunction(cloud, plan.worker, variables);
  const queueVariables = {
    ...variables,
    SLUICE_RECORDS_QUEUE_URL: urlOf(names.recordsQueue),
    SLUICE_RECORDS_QUEUE_ARN: arnOf(names.recordsQueue),
    SLUICE_EXPRESS_QUEUE_URL: urlOf(names.expressQueue),
    SLUICE_EXPRESS_QUEUE_ARN: arnOf(names.expressQueue),
    SLUICE_DEAD_LETTER_QUEUE_URL: urlOf(names.deadLetterQueue),
  };
  await deployFunction(cloud, plan.ventilator, queueVariables);
  await deployFunction(cloud, plan.waker, queueVariables);
  cloud.schedules.add(plan.waker.name, options.wakeEveryMs ?? plan.waker.everyMs);
  const mappings = await createMappings(cloud, plan, created);
  return {
    provider,
    plan,
    table: { name: names.table, client: cloud.clients.dynamodb },
    queues: {
      records: createSqsQueue(cloud.clients.sqs, urlOf(names.recordsQueue)),
      express: createSqsQueue(cloud.clients.sqs, urlOf(names.expressQueue)),
    },
    deadLetterQueueUrl: urlOf(names.deadLetterQueue),
    mappings,
  };
}

async function createQueues(cloud: Cloud, plan: DeploymentPlan): Promise<ReadonlyMap<string, CreatedQueue>> {
  const created = new Map<string, CreatedQueue>();
  for (const queue of plan.queues) {
    const deadLetterArn = queue.deadLetterQueue && created.get(queue.deadLetterQueue)?.arn;
    created.set(queue.name, await createQueue(cloud.clients.sqs, queue, deadLetterArn));
  }
  return created;
}

async function deployFunction(
  cloud: Cloud,
  plan: FunctionPlan,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  cloud.lambdaService.lambda.deploy({
    name: plan.name,
    bundlePath: await bundleHandler(plan.entry, cloud.folder),
    timeoutMs: plan.timeoutMs,
    memoryMb: plan.memoryMb,
    environment: { ...plan.environment, ...variables },
  });
}

async function createMappings(
  cloud: Cloud,
  plan: DeploymentPlan,
  created: ReadonlyMap<string, CreatedQueue>,
): Promise<string[]> {
  const answers = await Promise.all(
    plan.mappings.map(({ queue, settings }) =>
      cloud.clients.lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: plan.ventilator.name,
          EventSourceArn: created.get(queue)?.arn,
          FunctionResponseTypes: ["ReportBatchItemFailures"],
          Enabled: settings.isEnabled,
          BatchSize: settings.batchSize,
          ScalingConfig: { MaximumConcurrency: settings.maximumConcurrency },
        }),
      ),
    ),
  );
  return answers.flatMap(({ UUID }) => (UUID === undefined ? [] : [UUID]));
}
