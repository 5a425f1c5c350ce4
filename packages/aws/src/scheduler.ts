import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { PRODUCTION } from "@sluice/core/deployment";
import { namesOf } from "@sluice/core/provider";
import { createScheduler as createSchedulerFor, type Scheduler } from "@sluice/core/scheduler";
import { createSchedulerStores } from "@sluice/core/storage";
import { checkProviderId } from "./check-provider-id.ts";
import { dynamoDbTable } from "./dynamodb-table.ts";
import { findQueues } from "./scheduler-queues.ts";
import { createSqsClient } from "./sqs-queue.ts";
import { systemClock } from "./system-clock.ts";
import { systemIds } from "./system-ids.ts";
import { systemRandom } from "./system-random.ts";

export type { Scheduler };

/** The provider as a service of another app knows it. */
export interface SchedulerOptions {
  /** The provider's id. */
  readonly provider: string;
  /** The environment that it is deployed to, such as `staging`; production by default. */
  readonly environment?: string;
  /** By default one with the region and the credentials that the SDK finds. */
  readonly client?: SQSClient;
  /** Reaches the provider's table, where runs are kept; by default one with the other client's region and credentials. */
  readonly dynamodb?: DynamoDBClient;
}

/**
 * Makes a scheduler for a provider that has a deployment of its own, whose queues it finds by name. It looks for them
 * only here, so make one scheduler and keep it.
 * @throws SluiceError `name-invalid` for an id or an environment that can't be part of a name
 * @throws QueueMissing, Unreachable
 * @throws ClientMisconfigured if there is no region, there are no credentials that AWS takes, or the endpoint is not SQS
 */
export async function createScheduler(options: SchedulerOptions): Promise<Scheduler> {
  const { provider, environment = PRODUCTION, client = createSqsClient() } = options;
  checkProviderId(provider);
  const queues = await findQueues(client, provider, environment);
  const { table: name } = namesOf(environment, provider);
  const table = options.dynamodb ? { name, client: options.dynamodb } : dynamoDbTable(name, client.config);
  return createSchedulerFor(
    { id: provider },
    {
      queues,
      ...createSchedulerStores(table, provider, systemClock.nowMs),
      clock: systemClock,
      ids: systemIds,
      random: systemRandom,
    },
  );
}
