import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import type { VirtualSqs } from "@sluice/sim/cloud/sqs";
import type { Lambda } from "../lambda/lambda.ts";
import { type LambdaService, startLambdaService } from "../lambda/lambda-service.ts";
import { createScratchFolder } from "../scratch/scratch-folder.ts";
import { startSqs } from "../sqs/server.ts";
import { type CloudClients, createClients, createSqsClientFor } from "./clients.ts";
import { type Emulator, startDynamoDb } from "./emulators.ts";
import type { CloudEndpoints } from "./endpoints.ts";
import { type BusEvent, type EventBus, startEventBus } from "./event-bus.ts";

/** A cloud on this machine: SQS, DynamoDB, Lambda and EventBridge, each behind its own HTTP endpoint, and schedules. */
export interface Cloud {
  readonly endpoints: CloudEndpoints;
  /** Clients of the real SDK that talk to this cloud. */
  readonly clients: CloudClients;
  /** Lambda from within: statistics, and environments to kill. */
  readonly lambdaService: LambdaService;
  readonly schedules: Schedules;
  readonly eventBus: EventBus;
  /** The embedded SQS from within; absent where another one is in its place. */
  readonly sqs?: VirtualSqs;
  /** A folder for bundles. It goes with the cloud. */
  readonly folder: string;
  /** Waits for batches under way for `drainMs` at most, then ends everything. */
  stop(drainMs: number): Promise<void>;
}

/** Calls functions at intervals, as EventBridge Scheduler does: whether the last call has ended or not. */
export interface Schedules {
  /** Calls a function every `everyMs`; the first call comes after one interval. */
  add(functionName: string, everyMs: number): void;
  stop(): void;
}

/** The behaviour of a cloud; an option that is left out has a default. */
export interface CloudOptions {
  /** The duration of a change of an event source mapping; by default one second. */
  readonly valveDelayMs?: number;
  /** Share of batches that the mappings hand over twice, as at-least-once delivery may; by default none. */
  readonly redeliveryRatio?: number;
  /** Called with each event that comes to the bus. */
  readonly onEvent?: (event: BusEvent) => void;
  /** Called with each line that a function prints. */
  readonly onLog?: (functionName: string, line: string) => void;
  /** Called when an execution environment ended by itself, or could not be loaded, with Lambda's error payload. */
  readonly onCrash?: (functionName: string, payload: string) => void;
}

/** The account that emulators expect; nothing here ever reaches AWS. */
const ACCOUNT = { region: "us-east-1", accountId: "000000000000" };

/**
 * Starts a cloud on free ports. `AWS_ENDPOINT_URL_SQS` and `AWS_ENDPOINT_URL_DYNAMODB` replace the embedded servers
 * by others that speak the same protocol. If one of its parts can't start, none stays.
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  await using parts = new AsyncDisposableStack();
  const folder = createScratchFolder();
  parts.defer(folder.remove);
  const sqs = await serverFor("AWS_ENDPOINT_URL_SQS", () => startSqs());
  parts.defer(sqs.stop);
  const dynamodb = await serverFor("AWS_ENDPOINT_URL_DYNAMODB", startDynamoDb);
  parts.defer(dynamodb.stop);
  const eventBus = await startEventBus(options.onEvent);
  parts.defer(eventBus.stop);
  const lambdaService = await startLambda(sqs.url, options);
  const endpoints = {
    sqs: sqs.url,
    dynamodb: dynamodb.url,
    lambda: lambdaService.endpoint,
    eventbridge: eventBus.url,
  };
  const clients = createClients(endpoints, ACCOUNT.region);
  parts.defer(clients.destroy);
  const schedules = createSchedules(lambdaService.lambda);
  const others = parts.move();
  return {
    endpoints,
    clients,
    lambdaService,
    schedules,
    eventBus,
    ...("sqs" in sqs && { sqs: sqs.sqs }),
    folder: folder.path,
    async stop(drainMs) {
      schedules.stop();
      await lambdaService.stop(drainMs);
      await others.disposeAsync();
    },
  };
}

function startLambda(sqsUrl: string, options: CloudOptions): Promise<LambdaService> {
  const { valveDelayMs, redeliveryRatio, onLog, onCrash } = options;
  return startLambdaService({
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    sqs: createSqsClientFor(sqsUrl, ACCOUNT.region),
    account: ACCOUNT,
    ...(valveDelayMs === undefined ? {} : { transitionMs: () => valveDelayMs }),
    ...(redeliveryRatio === undefined ? {} : { redeliveryRatio }),
    ...(onLog === undefined ? {} : { onLog }),
    ...(onCrash === undefined ? {} : { onCrash }),
  });
}

/** The event of a schedule; the functions that are called do not read it. */
const SCHEDULE_EVENT = JSON.stringify({ source: "aws.scheduler" });

function createSchedules(lambda: Lambda): Schedules {
  const timers: NodeJS.Timeout[] = [];
  return {
    add: (functionName, everyMs) => {
      timers.push(setInterval(() => void lambda.invoke(functionName, SCHEDULE_EVENT), everyMs));
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

async function serverFor<Server extends Emulator>(
  variable: string,
  start: () => Promise<Server>,
): Promise<Server | Emulator> {
  const url = process.env[variable];
  return url === undefined || url === "" ? start() : { url, stop: async () => {} };
}
