import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import type { Provider } from "@sluice/core/provider/provider";
import {
  createScheduler,
  EnqueueInterrupted,
  type EnqueueOptions,
  type EnqueueResult,
  type Scheduler,
} from "@sluice/core/scheduler/scheduler";
import { type Cloud, startCloud } from "../cloud/cloud.ts";
import { type Deployment, deploy } from "../cloud/deploy.ts";
import { type ProviderServer, startProviderServer } from "../provider-simulator/provider-server.ts";
import { startChaos } from "./chaos.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import type { RunInput } from "./input.ts";
import type { StartOptions } from "./options.ts";
import type { Preparation } from "./prepare.ts";
import type { Progress } from "./progress.ts";
import type { RunResult } from "./report.ts";
import { judgeRun } from "./verdict.ts";
import { waitUntilDrained } from "./wait-until-drained.ts";

/** A cloud with a provider in it, ready to run. */
export interface Stage {
  readonly cloud: Cloud;
  readonly providerServer: ProviderServer;
  readonly deployment: Deployment;
  /** What the functions print. */
  readonly logFile: string;
  stop(): Promise<void>;
}

/** SQS and Lambda promise delivery at least once: one batch in a hundred comes twice. */
const REDELIVERY_RATIO = 0.01;
/** Users ask for one record in fifty ad hoc, although the bulk has it. */
const EXPRESS_RATIO = 0.02;
const EXPRESS_MAX = 100;

/** Starts the cloud and the provider, and deploys the provider's functions. */
export async function setStage({ provider, scenario }: Preparation, options: StartOptions): Promise<Stage> {
  const providerServer = await startProviderServer({
    scenario,
    seed: options.seed,
    timeZone: provider.timeZone,
  });
  const lines: { write(line: string): void } = { write: () => {} };
  const cloud = await startCloud({
    valveDelayMs: options.valveDelaySeconds * 1_000,
    redeliveryRatio: REDELIVERY_RATIO,
    onLog: (functionName, line) => lines.write(`${functionName} ${line}\n`),
  });
  const logFile = join(cloud.folder, "functions.log");
  const log = createWriteStream(logFile);
  lines.write = (line) => log.write(line);
  const deployment = await deploy(cloud, provider, {
    environment: `local-${systemIds.next().slice(0, 8)}`,
    variables: { PROVIDER_BASE_URL: providerServer.url, POWERTOOLS_LOG_LEVEL: "INFO" },
  });
  return {
    cloud,
    providerServer,
    deployment,
    logFile,
    async stop() {
      await cloud.stop(0);
      await providerServer.stop();
      await new Promise((resolve) => log.end(resolve));
    },
  };
}

/** Enqueues the input, waits until everything is done, and judges what happened. */
export async function runDay(
  stage: Stage,
  { provider, input }: Preparation,
  options: StartOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  const { cloud, deployment, providerServer } = stage;
  const startedAtMs = Date.now();
  const scheduler = schedulerFor(provider, deployment);
  const { ventilator, worker } = deployment.plan;
  const chaos =
    options.killEverySeconds === undefined
      ? undefined
      : startChaos(
          cloud.lambdaService.lambda,
          [ventilator.name, worker.name],
          options.killEverySeconds * 1_000,
        );
  let isFeeding = true;
  const feeding = feed(scheduler, input, signal).finally(() => {
    isFeeding = false;
  });
  const drained = await Promise.race([
    waitUntilDrained({
      cloud,
      deployment,
      audit: providerServer.audit,
      isFeeding: () => isFeeding,
      stallAfterMs: stallAfterMs(provider),
      onGlance: (glance) => progress.show(glance),
      signal,
    }),
    rejectionOf(feeding),
  ]);
  const { enqueued, expressCount } = await feeding;
  progress.end();
  await chaos?.stop();
  if (drained.kind !== "drained") await letRunningBatchesEnd(cloud, provider, progress);
  const evidence = await gatherEvidence(cloud, deployment, providerServer.audit, {
    expectedIds: input.expectedIds,
    acceptedCount: enqueued.accepted,
    isInterrupted: drained.kind === "interrupted",
    startedAtMs,
    endedAtMs: Date.now(),
    ...(drained.kind === "stalled" ? { stalledAfterMs: drained.afterMs } : {}),
  });
  return {
    enqueued,
    expressCount,
    killCount: chaos?.killCount ?? 0,
    durationMs: Date.now() - startedAtMs,
    isInterrupted: drained.kind === "interrupted",
    evidence,
    verdict: judgeRun(evidence),
  };
}

function schedulerFor(provider: Provider, { queues }: Deployment): Scheduler {
  return createScheduler(provider, { queues, clock: systemClock, ids: systemIds, random: systemRandom });
}

/** Enqueues the bulk, then asks for some of its records again as users do: the latest, which wait, and the first. */
async function feed(
  scheduler: Scheduler,
  input: RunInput,
  signal: AbortSignal,
): Promise<{ enqueued: EnqueueResult; expressCount: number }> {
  const enqueued = await enqueueUntilAborted(scheduler, input.records(), { signal });
  const ids = [...input.expectedIds];
  const expressCount = Math.min(EXPRESS_MAX, Math.ceil(ids.length * EXPRESS_RATIO));
  const asked = [...ids.slice(-expressCount), ...ids.slice(0, expressCount)].slice(0, ids.length);
  const express = await enqueueUntilAborted(scheduler, new Set(asked), { signal, lane: "express" });
  return { enqueued, expressCount: express.accepted };
}

/** An interrupted run is not an error here: what it has enqueued so far is judged like any other. */
async function enqueueUntilAborted(
  scheduler: Scheduler,
  records: Iterable<unknown> | AsyncIterable<unknown>,
  options: EnqueueOptions,
): Promise<EnqueueResult> {
  try {
    return await scheduler.enqueue(records, options);
  } catch (thrown) {
    if (thrown instanceof EnqueueInterrupted && options.signal?.aborted) return thrown.result;
    throw thrown;
  }
}

async function rejectionOf(promise: Promise<unknown>): Promise<never> {
  await promise;
  return new Promise(() => {});
}

/** Leases, back-offs and visibility all end well within it, so a run that stands still for longer is stuck. */
function stallAfterMs({ queue, ventilator, backOff }: Provider): number {
  return 2 * (queue.visibilityTimeoutMs + ventilator.timeoutMs) + backOff.maxMs;
}

async function letRunningBatchesEnd(cloud: Cloud, provider: Provider, progress: Progress): Promise<void> {
  progress.say("Stopping: calls under way are finished first; press Ctrl-C again to quit at once.");
  await cloud.lambdaService.mappings.stop(provider.ventilator.timeoutMs);
}
