import { createEventBridgeAnnouncer } from "@sluice/aws/event-bridge-announcer";
import { createLambdaValves } from "@sluice/aws/lambda-valve";
import { createLambdaWorkerInvoker } from "@sluice/aws/lambda-worker-invoker";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { assembleBreaker } from "@sluice/core/breaker";
import { createHistorian } from "@sluice/core/history";
import { productionLaw } from "@sluice/core/law";
import type { SteeringDeps } from "@sluice/core/operator";
import type { Announcer, Log, Metrics, Queue } from "@sluice/core/ports";
import { type ByLane, byLane, type Provider } from "@sluice/core/provider";
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
  type Table,
} from "@sluice/core/storage";
import type { WakerDeps } from "@sluice/core/waker";
import type { ItemKey } from "../cloud/dynamodb/keys.ts";
import type { FunctionEnd } from "../cloud/lambda/function-host.ts";
import { createLambdaClient } from "../cloud/lambda/lambda-client.ts";
import { virtualAbortAfter } from "../virtual-time/virtual-abort-after.ts";
import type { Lifeline } from "../world/lifeline.ts";
import { streamOf } from "../world/streams.ts";
import type { DayParts } from "./day-parts.ts";
import { type ClientSettings, createEnvironmentCalls, type EnvironmentCalls } from "./environment-calls.ts";
import { idIn } from "./environment-name.ts";
import { FUNCTION_NAMES } from "./function-names.ts";
import type { Role } from "./story.ts";

/** An execution environment before it is wired. */
export interface Identity {
  readonly name: string;
  readonly role: Role | "scheduler" | "operator";
  readonly provider: Provider;
  readonly lifeline: Lifeline;
  crash(): void;
  invokeWorker(payload: string): Promise<FunctionEnd>;
}

/** Clients as the adapters' own modules make them: how often they send, and how long they wait for an answer. */
const CLIENTS = {
  dynamodb: { attemptsMax: 3, giveUpAfterMs: 3_000 },
  sqs: { attemptsMax: 3, giveUpAfterMs: 3_000 },
  "lambda-control": { attemptsMax: 2, giveUpAfterMs: 3_000 },
  eventbridge: { attemptsMax: 3, giveUpAfterMs: 3_000 },
  lambda: { attemptsMax: 1, giveUpAfterMs: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, ClientSettings>;

const NO_METRICS: Metrics = { batch: () => {}, gauges: () => {}, decision: () => {} };

/** Wires ventilator, waker or operator as their own wiring does: real adapters, whose clients reach the cloud of a simulated day. */
export function wireEnvironment(parts: DayParts, identity: Identity): WakerDeps & SteeringDeps {
  const { provider, name, lifeline } = identity;
  const random = streamOf(parts.story.seed, name);
  const calls = createEnvironmentCalls({ ...parts, ...identity, random });
  const table = tableFor(parts, calls);
  const lambda = lambdaClientFor(parts, calls, identity);
  const queues = queuesFor(parts, calls);
  const ports = {
    provider,
    law: productionLaw,
    clock: lifeline.clock,
    ids: idsOf(name),
    random,
    log: logOf(parts, name),
    metrics: NO_METRICS,
    items: createPermitItems(table, provider.id),
    store: createBreakerStore(table, provider.id),
    orders: createOrdersStore(table, provider.id),
    events: createEventStore(table, provider.id, lifeline.clock.nowMs),
    valves: createLambdaValves(lambda, FUNCTION_NAMES.ventilator, parts.queues.arns),
  };
  const history = createHistoryStore(table, provider.id, lifeline.clock.nowMs);
  return {
    ...ports,
    ...assembleBreaker(ports),
    ...quotasPartOf(ports, () => createQuotaStore(table, provider.id)),
    fetches: createFetchStore(table),
    ledger: createLedger({
      ...ports,
      provider: provider.id,
      runs: createRunStore(table, provider.id),
      history,
      announcer: announcerFor(parts, calls),
    }),
    historian: createHistorian({ ...ports, history }),
    worker: createLambdaWorkerInvoker(lambda, FUNCTION_NAMES.worker, virtualAbortAfter(parts.clock)),
    ...queues,
  };
}

/** The bus as an environment reaches it: it takes every event that comes to it. */
function announcerFor({ emit }: DayParts, calls: EnvironmentCalls): Announcer {
  const send = ({ input: { Entries = [] } }: PutEventsCommand) =>
    calls.send(
      { service: "eventbridge", operation: "PutEvents" },
      () => {
        for (const { DetailType = "", Detail = "{}" } of Entries) {
          emit({ kind: "announced", news: DetailType, detail: JSON.parse(Detail) });
        }
        return { Entries: Entries.map(() => ({})) };
      },
      CLIENTS.eventbridge,
    );
  return createEventBridgeAnnouncer({ send } as unknown as BusClient, "default");
}

type BusClient = Parameters<typeof createEventBridgeAnnouncer>[0];
type PutEventsCommand = Parameters<BusClient["send"]>[0] & {
  readonly input: {
    readonly Entries?: readonly { readonly DetailType?: string; readonly Detail?: string }[];
  };
};

/** The queues as an environment reaches them. */
export function queuesFor(
  { queues }: DayParts,
  calls: EnvironmentCalls,
): { readonly queues: ByLane<Queue>; readonly deadLetters: Queue } {
  const client = queues.clientFor(({ operation }, apply) =>
    calls.send({ service: "sqs", operation }, apply, CLIENTS.sqs),
  ) as unknown as Parameters<typeof createSqsQueue>[0];
  return {
    queues: byLane((lane) => createSqsQueue(client, queues.urls[lane])),
    deadLetters: createSqsQueue(client, queues.deadLetterUrl),
  };
}

/** The table as an environment reaches it. */
export function tableFor({ table, watchTable }: DayParts, calls: EnvironmentCalls): Table {
  function reached(client: ClientSettings): Table {
    return table.through(({ operation, key: { pk, sk }, isWrite }, apply) => {
      const watched = (key: ItemKey) => {
        const before = table.item(key);
        const response = apply();
        watchTable(before, table.item(key));
        return response;
      };
      const carryOut = isWrite && pk !== undefined && sk !== undefined ? () => watched({ pk, sk }) : apply;
      return calls.send({ service: "dynamodb", operation }, carryOut, client);
    });
  }

  const { client: onceClient } = reached({ ...CLIENTS.dynamodb, attemptsMax: 1 });
  return { ...reached(CLIENTS.dynamodb), onceClient };
}

function lambdaClientFor({ mappings }: DayParts, calls: EnvironmentCalls, { invokeWorker }: Identity) {
  const client = createLambdaClient({
    mappings: mappings.account,
    controlPlane: mappings.controlPlane,
    send: (request, apply) =>
      calls.send(request, apply, request.service === "lambda" ? CLIENTS.lambda : CLIENTS["lambda-control"]),
    invoke: (_, payload) => invokeWorker(payload),
  });
  return client as unknown as Parameters<typeof createLambdaValves>[0];
}

function idsOf(name: string): { next(): string } {
  let count = 0;
  return {
    next() {
      count += 1;
      return idIn(name, count);
    },
  };
}

function logOf({ emit }: DayParts, environment: string): Log {
  const note = (level: "warn" | "error") => (message: string, details?: object) =>
    emit({
      kind: "logged",
      environment,
      level,
      text: details === undefined ? message : `${message} ${JSON.stringify(details)}`,
    });
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: note("warn"),
    error: note("error"),
    with: () => log,
  };
  return log;
}
