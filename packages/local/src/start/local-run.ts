import { setTimeout as sleep } from "node:timers/promises";
import { systemIds } from "@sluice/aws/system-ids";
import { type Cloud, startCloud } from "../cloud/cloud.ts";
import { type Deployment, deploy } from "../cloud/deploy.ts";
import { type ProviderServer, startProviderServer } from "../provider-simulator/provider-server.ts";
import { noteRunningCloud } from "../running/running-cloud.ts";
import { type CrashLog, createCrashLog } from "./crash-log.ts";
import { createFunctionLog } from "./function-log.ts";
import { createLineLog } from "./line-log.ts";
import { createOperator, type Operator } from "./operator.ts";
import type { StartOptions } from "./options.ts";
import type { Preparation } from "./prepare.ts";
import { createSteeringReader, type SteeringReader } from "./steering-reader.ts";
import { troubleDialFor } from "./trouble-maker.ts";

/** A cloud with a deployed provider in it, and the simulated provider itself. */
export interface LocalRun {
  readonly cloud: Cloud;
  readonly providerServer: ProviderServer;
  readonly deployment: Deployment;
  readonly operator: Operator;
  readonly readSteering: SteeringReader;
  readonly deployedAtMs: number;
  /** Part of the names of all that is deployed. */
  readonly environment: string;
  /** A file with all lines that the functions print. */
  readonly logFile: string;
  readonly crashLog: CrashLog;
  /** Ends everything; the logs stay only if they are asked for. */
  stop(options: { readonly keepLogs: boolean }): Promise<void>;
}

/** SQS and Lambda promise delivery at least once: one batch in a hundred comes twice. */
const REDELIVERY_RATIO = 0.01;

/** Starts the cloud and the provider, and deploys the provider's functions. If one of these fails, nothing stays. */
export async function startLocalRun(
  { provider, scenario, wakeEveryMs }: Preparation,
  options: StartOptions,
): Promise<LocalRun> {
  await using parts = new AsyncDisposableStack();
  const trouble = troubleDialFor(provider.worker.environment);
  const providerServer = await startProviderServer({
    scenario,
    seed: options.seed,
    timeZone: provider.timeZone,
    ...(trouble === undefined ? {} : { trouble }),
  });
  parts.defer(providerServer.stop);
  const log = createFunctionLog();
  parts.defer(log.end);
  const crashLog = createCrashLog();
  const cloud = await startCloud({
    valveDelayMs: options.valveDelaySeconds * 1_000,
    redeliveryRatio: REDELIVERY_RATIO,
    onLog: log.write,
    onCrash: crashLog.note,
    onEvent: (event) => log.write("event bus", JSON.stringify(event)),
  });
  parts.defer(() => cloud.stop(0));
  const environment = `local${systemIds.next().slice(0, 8)}`;
  const deployedAtMs = Date.now();
  const deployment = await deploy(cloud, provider, {
    environment,
    variables: {
      PROVIDER_BASE_URL: providerServer.url,
      POWERTOOLS_LOG_LEVEL: "INFO",
      ...secretVariables(provider.worker.secrets),
    },
    ...(wakeEveryMs === undefined ? {} : { wakeEveryMs }),
  });
  const { endpoints } = cloud;
  const own = { environment, providerId: provider.id, pid: process.pid, startedAtMs: deployedAtMs };
  parts.defer(noteRunningCloud({ endpoints, ...own }).remove);
  const operatorLog = createLineLog((line) => log.write("operator", line));
  const operator = createOperator(provider, deployment.table, operatorLog);
  const running = parts.move();
  return {
    cloud,
    providerServer,
    deployment,
    operator,
    readSteering: createSteeringReader({
      steering: operator.deps,
      table: deployment.table,
      requests: providerServer.requests,
    }),
    deployedAtMs,
    environment,
    logFile: log.file,
    crashLog,
    stop({ keepLogs }) {
      if (keepLogs) log.keep();
      return running.disposeAsync();
    },
  };
}

const LOOK_EVERY_MS = 100;

/**
 * Waits until every event source mapping has been created, and has the waker open them: they begin at the floor, and a
 * run of a minute must not wait a minute for the waker's first round, nor a short storm pass while they open.
 */
export async function openValves({ cloud, deployment }: LocalRun, signal: AbortSignal): Promise<void> {
  const { mappings, lambda } = cloud.lambdaService;
  const settled = async () => {
    while (!signal.aborted && mappings.list().some(({ state }) => state !== "Enabled")) {
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  };
  await settled();
  if (!signal.aborted) await lambda.invoke(deployment.plan.waker.name, "{}");
  await settled();
}

/** Made-up secrets, handed over as SST does in the environment: the simulated provider accepts any. */
function secretVariables(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [`SST_RESOURCE_${name}`, JSON.stringify({ value: `local-${name}` })]),
  );
}
