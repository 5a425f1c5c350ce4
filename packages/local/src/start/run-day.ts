import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import type { Provider } from "@sluice/core/provider";
import { createScheduler } from "@sluice/core/scheduler";
import { createSchedulerStores } from "@sluice/core/storage";
import { fateOf } from "@sluice/sim/provider-simulator";
import type { Cloud } from "../cloud/cloud.ts";
import { type Chaos, startChaos } from "./chaos.ts";
import { type EnqueuedInput, enqueueInput } from "./enqueue-input.ts";
import { countText } from "./figure-text.ts";
import { gatherRunEvidence } from "./gather-run-evidence.ts";
import type { LocalRun } from "./local-run.ts";
import type { StartOptions } from "./options.ts";
import type { Preparation } from "./prepare.ts";
import { RUN_ID } from "./run-ledger.ts";
import type { RunProgress } from "./run-progress.ts";
import type { RunResult } from "./run-report.ts";
import { isShutByPlan } from "./steering-view.ts";
import { judgeRun } from "./verdict.ts";
import { type Drained, waitUntilDrained } from "./wait-until-drained.ts";

/** Enqueues the input, waits until everything is done, and judges what happened. */
export async function runDay(
  localRun: LocalRun,
  preparation: Preparation,
  options: StartOptions,
  progress: RunProgress,
  signal: AbortSignal,
): Promise<RunResult> {
  const { provider, scenario, input } = preparation;
  const { cloud, deployment, providerServer } = localRun;
  const startedAtMs = Date.now();
  localRun.crashLog.onFirst(({ functionName, text }) =>
    progress.say(`${functionName} crashes: ${text}\n  What the functions print is in ${localRun.logFile}`),
  );
  const chaos = chaosFor(localRun, options);
  let wasTroubleMade = false;
  providerServer.trouble?.onTurn(() => {
    wasTroubleMade = true;
  });
  const { drained, enqueued, expressCount } = await enqueueUntilDrained(
    localRun,
    preparation,
    progress,
    signal,
  );
  progress.end();
  await chaos?.stop();
  if (drained.kind !== "drained") await letRunningBatchesEnd(cloud, provider, progress);
  const killCount = chaos?.killCount ?? 0;
  const isInterrupted = drained.kind === "interrupted";
  const runEvidence = await gatherRunEvidence(cloud, deployment, providerServer, {
    expectedIds: input.expectedIds,
    acceptedCount: enqueued.accepted,
    isInterrupted,
    killCount,
    mustSpareHealthy: !canExhaustHealthy(options) && !wasTroubleMade,
    isHopeless: (recordId) => fateOf(scenario.provider, options.seed, recordId) !== "healthy",
    deployedAtMs: localRun.deployedAtMs,
    startedAtMs,
    endedAtMs: Date.now(),
    ...(drained.kind === "stalled" ? { stalledAfterMs: drained.afterMs } : {}),
  });
  return {
    enqueued,
    expressCount,
    killCount,
    startedAtMs,
    durationMs: Date.now() - startedAtMs,
    isInterrupted,
    crashes: localRun.crashLog.crashes(),
    runEvidence,
    verdict: judgeRun(runEvidence),
  };
}

function chaosFor(
  { cloud, deployment }: LocalRun,
  { killEverySeconds, killForSeconds = Number.POSITIVE_INFINITY }: StartOptions,
): Chaos | undefined {
  if (killEverySeconds === undefined) return undefined;
  const { ventilator, worker } = deployment.plan;
  const names = [ventilator.name, worker.name];
  return startChaos(cloud.lambdaService.lambda, names, killEverySeconds * 1_000, killForSeconds * 1_000);
}

async function enqueueUntilDrained(
  { cloud, deployment, providerServer, readSteering }: LocalRun,
  { provider, input }: Preparation,
  progress: RunProgress,
  signal: AbortSignal,
): Promise<EnqueuedInput & { readonly drained: Drained }> {
  const { queues, table } = deployment;
  const stores = createSchedulerStores(table, provider.id, systemClock.nowMs);
  const parts = { ...stores, queues, clock: systemClock, ids: systemIds, random: systemRandom };
  let isEnqueuing = true;
  const failed = new AbortController();
  const scheduler = createScheduler(provider, parts);
  const enqueuing = enqueueInput(scheduler, input, signal)
    .catch((thrown: unknown) => {
      failed.abort();
      throw thrown;
    })
    .finally(() => {
      isEnqueuing = false;
    });
  void enqueuing.then(
    (done) => progress.say(enqueuedText(done)),
    () => {},
  );
  const draining = waitUntilDrained({
    cloud,
    deployment,
    audit: providerServer.audit,
    isEnqueuing: () => isEnqueuing,
    stallAfterMs: stallAfterMs(provider),
    readRun: () => scheduler.run(RUN_ID),
    isShutByPlan: async () => isShutByPlan(await readSteering()),
    onGlance: (glance) => progress.show(glance),
    // An input that fails leaves nothing to wait for.
    signal: AbortSignal.any([signal, failed.signal]),
  });
  const [drained, enqueued] = await Promise.all([draining, enqueuing]);
  return { drained, ...enqueued };
}

function enqueuedText({ enqueued, expressCount }: EnqueuedInput): string {
  const records = `Enqueued ${countText(enqueued.accepted)} records`;
  if (expressCount === 0) return records;
  return `${records}, and ${countText(expressCount)} of them once more through the express queue, as users do`;
}

/** True for a run that may use up a healthy record's attempts: by the faults of a scenario file, or by kills. */
function canExhaustHealthy({ weather, killEverySeconds }: StartOptions): boolean {
  return killEverySeconds !== undefined || (weather !== "calm" && weather !== "storm");
}

/** An open breaker probes more often than this, after any number of relapses. */
const STALL_PACES = 20;

/** The time after which a run that stands still is stuck: leases, back-offs and visibility all end well within it. */
function stallAfterMs({ queue, ventilator, backOff, breaker }: Provider): number {
  const retryMs = 2 * (queue.visibilityTimeoutMs + ventilator.timeoutMs) + backOff.maxMs;
  return Math.max(retryMs, STALL_PACES * breaker.paceMs);
}

async function letRunningBatchesEnd(cloud: Cloud, provider: Provider, progress: RunProgress): Promise<void> {
  progress.say("Stopping: calls under way are finished first; press Ctrl-C again to quit at once.");
  cloud.schedules.stop();
  await cloud.lambdaService.mappings.stop(provider.ventilator.timeoutMs);
}
