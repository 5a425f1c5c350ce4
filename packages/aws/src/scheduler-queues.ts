import { QueueDoesNotExist, type SQSClient } from "@aws-sdk/client-sqs";
import { SluiceError } from "@sluice/core/errors";
import type { BrowsableQueue, Queue } from "@sluice/core/ports";
import { type ByLane, byLane, byLaneAsync, type Lane, namesOf } from "@sluice/core/provider";
import { createBrowsableSqsQueue } from "./browsable-sqs-queue.ts";
import { findQueueUrl, regionOf } from "./find-queue-url.ts";
import { createSqsQueue } from "./sqs-queue.ts";

/** A queue that can't be used: there is none, or the caller may not use it. */
export class QueueMissing extends SluiceError {
  constructor(message: string, options?: ErrorOptions) {
    super("queue-missing", message, options);
  }
}

/**
 * Finds the queues of a provider, which another app deployed, by their names.
 * @throws SluiceError `name-invalid`, QueueMissing, ClientMisconfigured, Unreachable
 */
export async function findQueues(
  client: SQSClient,
  provider: string,
  environment: string,
): Promise<ByLane<Queue>> {
  const { queues: names, schedulerPolicy } = namesOf(environment, provider);
  const place = { provider, environment, policy: schedulerPolicy, region: await regionOf(client) };
  const soughtIn = (lane: Lane) => ({ ...place, queue: names[lane] });
  // The bulk's queue alone at first: where nothing is deployed one call tells.
  const recordsUrl = await urlOf(client, soughtIn("records"));
  const urls = await byLaneAsync(async (lane) =>
    lane === "records" ? recordsUrl : urlOf(client, soughtIn(lane)),
  );
  return byLane((lane) => createSqsQueue(client, urls[lane]));
}

/**
 * Finds the dead-letter queue of a provider by its name.
 * @throws SluiceError `name-invalid`, QueueMissing, ClientMisconfigured, Unreachable
 */
export async function findDeadLetterQueue(
  client: SQSClient,
  provider: string,
  environment: string,
): Promise<BrowsableQueue> {
  const { deadLetterQueue: queue } = namesOf(environment, provider);
  const sought = { provider, environment, queue, region: await regionOf(client) };
  return createBrowsableSqsQueue(client, await urlOf(client, sought));
}

/** The queue that is sought, in the words of an error about it. */
interface Sought {
  readonly queue: string;
  readonly region: string;
  readonly provider: string;
  readonly environment: string;
  /** Name of the managed policy that lets a service enqueue; absent where it does not help. */
  readonly policy?: string;
}

async function urlOf(client: SQSClient, sought: Sought): Promise<string> {
  try {
    return await findQueueUrl(client, sought);
  } catch (cause) {
    if (cause instanceof QueueDoesNotExist) throw new QueueMissing(missing(sought), { cause });
    if (isDenied(cause)) throw new QueueMissing(denied(sought, cause.message), { cause });
    throw cause;
  }
}

/** Tells a refusal by IAM, for which the SDK has two names: it depends on the rest of the answer which one it uses. */
function isDenied(thrown: unknown): thrown is Error {
  return thrown instanceof Error && ["AccessDenied", "AccessDeniedException"].includes(thrown.name);
}

/** The message for a queue that SQS does not know; it may answer the same to a caller who may not see the queue. */
function missing({ queue, region, provider, environment, policy }: Sought): string {
  const where = [
    `There is no queue ${queue} in ${region} that these credentials may see.`,
    `Check that provider ${provider} is deployed to environment ${environment} in this region and account`,
  ].join(" ");
  return policy === undefined ? where : `${where}, and that the caller's role has the policy ${policy}`;
}

function denied({ queue, region, provider, environment, policy }: Sought, reason: string): string {
  const refusal = `The caller may not use queue ${queue} in ${region}: ${reason}`;
  if (policy === undefined) return refusal;
  return [
    `${refusal}. Attach the policy ${policy} to the caller's role:`,
    `deploying provider ${provider} to environment ${environment} creates it`,
  ].join(" ");
}
