import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { createBreaker } from "@sluice/core/breaker";
import { SluiceError } from "@sluice/core/errors";
import { productionLawBeside } from "@sluice/core/law";
import type { SteeringDeps } from "@sluice/core/operator";
import type { BrowsableQueue, DeploymentReader, Invocation, Log, Metrics, Queue } from "@sluice/core/ports";
import { type ByLane, namesOf, type Provider } from "@sluice/core/provider";
import { quotasPartOf } from "@sluice/core/steering/quotas";
import {
  createBreakerStore,
  createEventStore,
  createOrdersStore,
  createPermitItems,
  createQuotaStore,
  createSchedulerStores,
  type SchedulerStores,
  type Table,
} from "@sluice/core/storage";
import { idleReconciler, permitBoundsOf } from "@sluice/core/valve";
import { wakerTimeoutMsOf } from "@sluice/core/waker";
import { callerArn, createStsClient } from "./caller-identity.ts";
import { checkProviderId } from "./check-provider-id.ts";
import {
  createDeploymentReader,
  createMonitoringClients,
  type MonitoringClients,
} from "./deployment-reader.ts";
import { dynamoDbTable } from "./dynamodb-table.ts";
import { createInvokeOnceClient, createLambdaInvoker } from "./lambda-invoker.ts";
import { createValveClient } from "./lambda-valve.ts";
import { asOperatorError, rootOf } from "./operator-errors.ts";
import { findDeadLetterQueue, findQueues } from "./scheduler-queues.ts";
import { createSqsClient } from "./sqs-queue.ts";
import { systemClock } from "./system-clock.ts";
import { systemIds } from "./system-ids.ts";

/** A provider as an operator reaches it: production's use-cases work on its parts. */
export interface OperatorAccess extends SchedulerStores {
  /** By the contract that its waker works by. */
  readonly provider: Provider;
  readonly steering: SteeringDeps;
  /** Reads what exists of its deployment. */
  readonly deployed: DeploymentReader;
  /** Finds its queues by their names. @throws QueueMissing, ClientMisconfigured, Unreachable */
  queues(): Promise<OperatorQueues>;
  /** Has the waker make a round now, and waits for its end. Never throws. */
  wake(): Promise<Invocation>;
}

/** The queues of a provider. */
export interface OperatorQueues {
  readonly lanes: ByLane<Queue>;
  readonly deadLetters: BrowsableQueue;
}

/** The place where a provider is deployed, and whoever wants to reach it. */
export interface OperatorPlace {
  readonly environment: string;
  /** Endpoints of a cloud on this machine, which takes any credentials; left out: AWS, as the environment's variables say. */
  readonly emulator?: EmulatorEndpoints;
  /** Clients of that place, if several providers share them; by default they are made. */
  readonly clients?: OperatorClients;
}

/** The URLs of a cloud on this machine. */
export interface EmulatorEndpoints {
  readonly sqs: string;
  readonly dynamodb: string;
  readonly lambda: string;
}

/** Clients that reach every provider of a place: each connection and all credentials are had once. */
export interface OperatorClients {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  /** Absent for a cloud on this machine. */
  readonly monitoring?: MonitoringClients;
  tableNamed(name: string): Table;
}

/** Makes the clients of a place. They open no connection before they are used. */
export function createOperatorClients(emulator?: EmulatorEndpoints): OperatorClients {
  const sqs = createSqsClient(emulator && { ...EMULATOR, endpoint: emulator.sqs });
  const lambda = createValveClient(emulator && { ...EMULATOR, endpoint: emulator.lambda });
  const any = dynamoDbTable("any", sqs.config, emulator?.dynamodb);
  const monitoring = emulator === undefined ? { monitoring: createMonitoringClients() } : {};
  return { sqs, lambda, ...monitoring, tableNamed: (name) => ({ ...any, name }) };
}

/** A provider that is not deployed where it is sought, as far as the caller can see. */
export class DeploymentMissing extends SluiceError {
  constructor(message: string, options?: ErrorOptions) {
    super("deployment-missing", message, options);
  }
}

const EMULATOR = { region: "us-east-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

/** An operator publishes no metrics. */
const NO_METRICS: Metrics = { batch: () => {}, gauges: () => {}, decision: () => {} };
/** Time that a round of the waker may need besides its own. */
const INVOKE_EXTRA_MS = 10_000;

/**
 * Reaches a provider for an operator. One read tells whether it is there, and its contract.
 * @param configured the provider by its data file; undefined where there is none to read. A deployment that has stored no
 * contract yet goes by it
 * @throws SluiceError `name-invalid`, DeploymentMissing, ClientMisconfigured, Unreachable
 */
export async function accessProvider(
  providerId: string,
  place: OperatorPlace,
  log: Log,
  configured: (id: string) => Promise<Provider | undefined>,
): Promise<OperatorAccess> {
  const { environment, emulator, clients = createOperatorClients(emulator) } = place;
  checkProviderId(providerId);
  const names = namesOf(environment, providerId);
  const { sqs } = clients;
  const table = clients.tableNamed(names.table);
  const stores = createSchedulerStores(table, providerId, systemClock.nowMs);
  const contract = await explained(stores.history.contract(), { providerId, environment, sqs });
  const provider = contract ?? (await configured(providerId)) ?? contractMissing(providerId);
  let queues: Promise<OperatorQueues> | undefined;
  return {
    provider,
    steering: steeringOf(provider, table, log),
    ...stores,
    deployed: createDeploymentReader({
      ...clients,
      environment,
      providerId,
      configured: () => configured(providerId),
      nowMs: systemClock.nowMs,
    }),
    queues() {
      queues ??= findAllQueues(sqs, providerId, environment);
      return queues;
    },
    wake() {
      const client = createInvokeOnceClient(emulator && { ...EMULATOR, endpoint: emulator.lambda });
      const invoker = createLambdaInvoker(client, names.waker, "ventilator");
      return invoker.invoke({}, wakerTimeoutMsOf(provider) + INVOKE_EXTRA_MS);
    },
  };
}

/** @throws DeploymentMissing */
function contractMissing(providerId: string): never {
  throw new DeploymentMissing(
    `Provider ${providerId} is deployed, and its waker has not stored its contract yet: wait for a minute, or deploy it anew`,
  );
}

/** Names the caller by his credentials. @throws ClientMisconfigured, Unreachable */
export async function nameCaller(): Promise<string> {
  try {
    return await callerArn(createStsClient());
  } catch (thrown) {
    throw asOperatorError(thrown);
  }
}

function steeringOf(provider: Provider, table: Table, log: Log): SteeringDeps {
  const ports = {
    provider,
    law: productionLawBeside(provider.breaker.shadow),
    items: createPermitItems(table, provider.id),
    bounds: permitBoundsOf(provider),
    store: createBreakerStore(table, provider.id),
    orders: createOrdersStore(table, provider.id),
    events: createEventStore(table, provider.id, systemClock.nowMs),
    clock: systemClock,
    ids: systemIds,
    log,
  };
  // The waker turns the valves.
  const breaker = createBreaker({ ...ports, metrics: NO_METRICS, reconciler: idleReconciler });
  return { ...ports, ...quotasPartOf(ports, () => createQuotaStore(table, provider.id)), breaker };
}

async function findAllQueues(
  sqs: SQSClient,
  providerId: string,
  environment: string,
): Promise<OperatorQueues> {
  const [lanes, deadLetters] = await Promise.all([
    findQueues(sqs, providerId, environment),
    findDeadLetterQueue(sqs, providerId, environment),
  ]);
  return { lanes, deadLetters };
}

/** Says what is wrong with the first call that is made. */
async function explained<T>(
  call: Promise<T>,
  { providerId, environment, sqs }: { providerId: string; environment: string; sqs: SQSClient },
): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    const root = rootOf(thrown);
    const name = root instanceof Error ? root.name : "";
    if (name !== "ResourceNotFoundException" && !name.startsWith("AccessDenied"))
      throw asOperatorError(thrown);
    const region = await sqs.config.region();
    const { table } = namesOf(environment, providerId);
    const seen = name === "ResourceNotFoundException" ? "that these credentials may see" : "that may be read";
    throw new DeploymentMissing(
      [
        `There is no table ${table} in ${region} ${seen}.`,
        `Check that provider ${providerId} is deployed to environment ${environment} in this region and account`,
      ].join(" "),
      { cause: thrown },
    );
  }
}
