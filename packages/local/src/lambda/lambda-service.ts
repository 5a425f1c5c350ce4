import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Clock, Ids, Random } from "@sluice/core/ports";
import {
  createControlPlane,
  createMappings,
  type MappingInvocation,
  type Mappings,
} from "@sluice/sim/event-source-mapping";
import type { Account } from "./account.ts";
import { serveLambda } from "./http/server.ts";
import type { InvokeResult } from "./invoke-result.ts";
import { createLambda, type Lambda } from "./lambda.ts";
import { openSqsMappingQueue } from "./sqs-mapping-queue.ts";

/** The parts and settings of the embedded Lambda; optional ones have a default. */
export interface LambdaServiceOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  /** A client of the SQS that holds the mappings' queues. */
  readonly sqs: SQSClient;
  /** By default us-east-1 and account 000000000000, as in most emulators. */
  readonly account?: Account;
  /** By default any free port. */
  readonly port?: number;
  /** The duration of a mapping's transition that starts now; by default one second. */
  transitionMs?(): number;
  /** The time for which a mapping's pollers keep to what was in force before its state tells of it; by default none. */
  pollersLagMs?(): number;
  /** Requests per second that the control plane takes, on AWS 15; by default any number. */
  readonly controlPlaneRequestsPerSecond?: number;
  /** Share of batches that the mappings hand over twice; by default none. */
  readonly redeliveryRatio?: number;
  /** Called with each line that a function prints; by default the lines are dropped. */
  onLog?(functionName: string, line: string): void;
  /** Called when an environment ended by itself, or could not be loaded, with the payload that its caller gets. */
  onCrash?(functionName: string, payload: string): void;
}

/** Lambda as AWS clients see it, and from within. */
export interface LambdaService {
  /** The endpoint for `@aws-sdk/client-lambda`, or for AWS_ENDPOINT_URL_LAMBDA. */
  readonly endpoint: string;
  readonly lambda: Lambda;
  readonly mappings: Mappings;
  /** Drains the mappings for `drainMs` at most, then ends everything; true if all batches ended by themselves. */
  stop(drainMs: number): Promise<boolean>;
}

const DEFAULT_ACCOUNT: Account = { region: "us-east-1", accountId: "000000000000" };
const DEFAULT_TRANSITION_MS = 1_000;

/** Starts the embedded Lambda, with no functions and no mappings. */
export async function startLambdaService(options: LambdaServiceOptions): Promise<LambdaService> {
  const { clock, random, ids, sqs, account = DEFAULT_ACCOUNT } = options;
  const lambda = createLambda({
    clock,
    ids,
    account,
    onLog: (functionName, line) => options.onLog?.(functionName, line),
    onCrash: (functionName, payload) => options.onCrash?.(functionName, payload),
  });
  const mappings = createMappings({
    clock,
    random,
    ids,
    openQueue: (queueArn) => openSqsMappingQueue(sqs, queueArn),
    functionTimeoutMs: (functionName) => lambda.find(functionName)?.timeoutMs,
    invoke: async (functionName, event) =>
      toMappingInvocation(await lambda.invoke(functionName, JSON.stringify(event))),
    transitionMs: () => options.transitionMs?.() ?? DEFAULT_TRANSITION_MS,
    pollersLagMs: () => options.pollersLagMs?.() ?? 0,
    redeliveryRatio: options.redeliveryRatio ?? 0,
  });
  const { controlPlaneRequestsPerSecond: perSecond, port = 0 } = options;
  const controlPlane = perSecond === undefined ? {} : { controlPlane: createControlPlane(clock, perSecond) };
  const server = await serveLambda({ lambda, mappings, account, port, ...controlPlane });
  return {
    endpoint: server.url,
    lambda,
    mappings,
    async stop(drainMs) {
      const isDrained = await mappings.stop(drainMs);
      await lambda.stop();
      await server.close();
      return isDrained;
    },
  };
}

function toMappingInvocation(result: InvokeResult): MappingInvocation {
  switch (result.kind) {
    case "answered":
      return { kind: "answered", payload: result.payload };
    case "throttled":
      return { kind: "throttled" };
    case "function-error":
    case "request-too-large":
    case "function-missing":
      return { kind: "function-error" };
  }
}
