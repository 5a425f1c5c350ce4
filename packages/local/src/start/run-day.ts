import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import type { Provider } from "@sluice/core/provider";
import { createScheduler, type Scheduler } from "@sluice/core/scheduler";
import { fateOf } from "@sluice/sim/provider-simulator";
import type { Cloud } from "../cloud/cloud.ts";
import type { Deployment } from "../cloud/deploy.ts";
import { startChaos } from "./chaos.ts";
import { feed } from "./feed.ts";
import { gatherEvidence } from "./gather-run-evidence.ts";
import type { LocalRun } from "./local-run.ts";
import type { StartOptions } from "./options.ts";
import type { Preparation } from "./prepare.ts";
import type { Progress } from "./progress.ts";
import type { RunResult } from "./report.ts";
import { judgeRun } from "./verdict.ts";
import { waitUntilDrained } from "./wait-until-drained.ts";

/** Enqueues the input, waits until everything is done, and judges what happened. */
export async function runDay(
  localRun: LocalRun,
  { provider, scenario, input }: Preparation,
  options: StartOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  const { cloud, deployment, providerServer } = localRun;
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
  let wasTroubleMade = false;
  providerServer.trouble?.onTurn(() => {
    wasTroubleMade = true;
  });
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
    killCount: chaos?.killCount ?? 0,
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

/** A weather of one's own may have faults without end, and a killed worker's attempt counts. */
function canExhaustHealthy({ weather, killEverySeconds }: StartOptions): boolean {
  return killEverySeconds !== undefined || (weather !== "calm" && weather !== "storm");
}

async function rejectionOf(promise: Promise<unknown>): Promise<never> {
  await promise;
  return new Promise(() => {});
}

/** An open breaker probes more often than this, however often it has relapsed. */
const STALL_PACES = 20;

/** Leases, back-offs and visibility all end well within it, so a run that stands still for longer is stuck. */
function stallAfterMs({ queue, ventilator, backOff, breaker }: Provider): number {
  const retryMs = 2 * (queue.visibilityTimeoutMs + ventilator.timeoutMs) + backOff.maxMs;
  return Math.max(retryMs, STALL_PACES * breaker.paceMs);
}

async function letRunningBatchesEnd(cloud: Cloud, provider: Provider, progress: Progress): Promise<void> {
  progress.say("Stopping: calls under way are finished first; press Ctrl-C again to quit at once.");
  cloud.schedules.stop();
  await cloud.lambdaService.mappings.stop(provider.ventilator.timeoutMs);
}
