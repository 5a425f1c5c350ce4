import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import {
  type DeploymentMode,
  type DeploymentPlan,
  type FunctionPlan,
  planOf,
  queuesInOrder,
  queueVariables,
} from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import type { Queue } from "@sluice/core/ports";
import { type ByLane, byLane, LANES, type Provider } from "@sluice/core/provider";
import type { Table } from "@sluice/core/storage";
import { bundleHandler } from "./bundle.ts";
import type { Cloud } from "./cloud.ts";
import { type CreatedQueue, createQueue } from "./create-queue.ts";
import { createTable } from "./create-table.ts";
import { endpointVariables } from "./endpoints.ts";

/** A provider that is deployed into a cloud. */
export interface Deployment {
  readonly provider: Provider;
  readonly plan: DeploymentPlan;
  /** Part of every name. */
  readonly environment: string;
  readonly mode: DeploymentMode;
  readonly table: Table;
  readonly queues: ByLane<Queue>;
  readonly deadLetterQueueUrl: string;
  /** UUIDs of the event source mappings. */
  readonly mappings: readonly string[];
}

/** Deviations of a deployment from the plan. */
export interface DeployOptions {
  /** Part of every name, so that several deployments can share a cloud. */
  readonly environment: string;
  /** By default `governed`. */
  readonly mode?: DeploymentMode;
  /** Modules that export a `handler`, by absolute path: deployed instead of the planned one, as `sst dev` does. */
  readonly stubs?: Readonly<Partial<Record<"ventilator" | "worker", string>>>;
  /** Added to every function's environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Time between two calls of the waker, instead of the planned one: a local run has no minute to lose. */
  readonly wakeEveryMs?: number;
}

/** Deploys a provider as planned: table, queues, functions from their bundles, and the mappings between them. */
export async function deploy(cloud: Cloud, provider: Provider, options: DeployOptions): Promise<Deployment> {
  const { mode = "governed", stubs = {} } = options;
  const plan = planOf(provider, options.environment, mode);
  const { names } = plan;
  await createTable(cloud.clients.dynamodb, plan.table);
  const created = await createQueues(cloud, plan);
  const queues = byLane((lane) => created(names.queues[lane]));
  const deadLetterQueue = created(names.deadLetterQueue);
  const variables = { ...endpointVariables(cloud.endpoints), ...options.variables };
  await deployFunction(cloud, plan.worker, variables, stubs.worker);
  const breakerVariables = { ...variables, ...queueVariables(queues, deadLetterQueue) };
  await deployFunction(cloud, plan.ventilator, breakerVariables, stubs.ventilator);
  await deployFunction(cloud, plan.waker, breakerVariables);
  if (plan.relay !== undefined) await deployFunction(cloud, plan.relay, variables);
  // While a developer is attached, a breakpoint would be probed.
  if (mode === "governed") cloud.schedules.add(plan.waker.name, options.wakeEveryMs ?? plan.waker.everyMs);
  const mappings = await createMappings(cloud, plan, created);
  return {
    provider,
    plan,
    environment: options.environment,
    mode,
    table: { name: names.table, client: cloud.clients.dynamodb },
    queues: byLane((lane) => createSqsQueue(cloud.clients.sqs, queues[lane].url)),
    deadLetterQueueUrl: deadLetterQueue.url,
    mappings,
  };
}

/** Finds a queue of the plan by its name, once they are all created. */
type CreatedQueues = (name: string) => CreatedQueue;

async function createQueues(cloud: Cloud, plan: DeploymentPlan): Promise<CreatedQueues> {
  const queues = new Map<string, CreatedQueue>();
  const created = (name: string) => {
    const queue = queues.get(name);
    if (queue === undefined) throw new SluiceError("unreachable", `SQS did not create ${name}`);
    return queue;
  };
  for (const queue of queuesInOrder(plan)) {
    const deadLetterArn = queue.deadLetterQueue && created(queue.deadLetterQueue).arn;
    queues.set(queue.name, await createQueue(cloud.clients.sqs, queue, deadLetterArn));
  }
  return created;
}

async function deployFunction(
  cloud: Cloud,
  plan: FunctionPlan,
  variables: Readonly<Record<string, string>>,
  stubPath?: string,
): Promise<void> {
  cloud.lambdaService.lambda.deploy({
    name: plan.name,
    bundlePath: stubPath ?? (await bundleHandler(plan.entry, cloud.folder)),
    timeoutMs: plan.timeoutMs,
    memoryMb: plan.memoryMb,
    environment: { ...plan.environment, ...variables },
  });
}

async function createMappings(cloud: Cloud, plan: DeploymentPlan, created: CreatedQueues): Promise<string[]> {
  const answers = await Promise.all(
    LANES.map((lane) => plan.mappings[lane]).map(({ queue, functionName, settings }) =>
      cloud.clients.lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: functionName,
          EventSourceArn: created(queue).arn,
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
