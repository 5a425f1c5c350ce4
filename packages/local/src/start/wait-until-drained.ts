import { setTimeout as sleep } from "node:timers/promises";
import type { RunStatus } from "@sluice/core/runs";
import { queuedCountOf } from "@sluice/core/waker";
import type { Audit } from "@sluice/sim/provider-simulator";
import type { Cloud } from "../cloud/cloud.ts";
import type { Deployment } from "../cloud/deploy.ts";
import { retryWaitOf } from "./retry-wait.ts";
import type { Glance } from "./run-progress.ts";

/** The end of a wait; `stalled` tells for how long nothing had moved. */
export type Drained =
  | { readonly kind: "drained" }
  | { readonly kind: "stalled"; readonly afterMs: number }
  | { readonly kind: "interrupted" };

/** The parts of a run that a wait looks at, and its patience. */
export interface DrainWatch {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  readonly audit: Audit;
  /** True while records are being enqueued. */
  readonly isEnqueuing: () => boolean;
  /** The time without any movement after which the run counts as stuck. */
  readonly stallAfterMs: number;
  /** The run's ledger; undefined before there is one. */
  readonly readRun: () => Promise<RunStatus | undefined>;
  /** True while nothing may start because contract or operators want it so: then it is no wonder that nothing moves. */
  readonly isShutByPlan: () => Promise<boolean>;
  readonly onGlance: (glance: Glance) => void;
  readonly signal: AbortSignal;
}

const GLANCE_EVERY_MS = 250;
/** Glances in a row that must find the queues empty, because SQS's counts are approximate. */
const EMPTY_GLANCES = 3;

/** Waits until everything is enqueued, and queues and functions have nothing left to do. */
export async function waitUntilDrained(watch: DrainWatch): Promise<Drained> {
  const { signal, isEnqueuing, stallAfterMs } = watch;
  let emptyGlances = 0;
  let lastTrace = "";
  let movedAtMs = performance.now();
  const run = createRunReader(watch.readRun);
  while (!signal.aborted) {
    const glance = await look(watch).catch(() => undefined);
    if (glance !== undefined) {
      const ledger = run();
      watch.onGlance({ ...glance, ...(ledger && { run: ledger }) });
      const isEmpty = glance.queuedCount === 0 && runningCount(watch.cloud) === 0 && !isEnqueuing();
      emptyGlances = isEmpty ? emptyGlances + 1 : 0;
      if (emptyGlances >= EMPTY_GLANCES) return { kind: "drained" };
    }
    const trace = JSON.stringify(glance);
    if (trace !== lastTrace || (await watch.isShutByPlan().catch(() => false))) movedAtMs = performance.now();
    lastTrace = trace;
    const stillForMs = Math.round(performance.now() - movedAtMs);
    if (stillForMs > stallAfterMs) return { kind: "stalled", afterMs: stillForMs };
    await sleep(GLANCE_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  return { kind: "interrupted" };
}

/** The ledger is read so often: a glance needs no more. */
const READ_EVERY_MS = 1_000;

/** Makes a function that answers with the ledger as it was read last, and reads it anew now and then. */
function createRunReader(readRun: DrainWatch["readRun"]): () => RunStatus | undefined {
  let last: RunStatus | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - readAtMs >= READ_EVERY_MS) {
      readAtMs = performance.now();
      // A table that does not answer now is asked again.
      void readRun().then(
        (status) => {
          last = status;
        },
        () => {},
      );
    }
    return last;
  };
}

/** One look at queues and provider. It fails if a queue does not answer now, and the next look makes up for it. */
async function look({ cloud, deployment, audit }: DrainWatch): Promise<Glance> {
  const queuedCount = await queuedCountOf(deployment.queues);
  const { inFlightCount, requestCount, servedByDay } = audit.report();
  return {
    servedCount: Object.values(servedByDay).reduce((sum, count) => sum + count, 0),
    requestCount,
    inFlightCount,
    queuedCount,
    ...retryIn(cloud, deployment),
  };
}

function retryIn({ sqs, lambdaService }: Cloud, { plan }: Deployment): Pick<Glance, "retry"> {
  if (sqs === undefined || lambdaService.lambda.stats().get(plan.ventilator.name)?.runningCount !== 0)
    return {};
  const queues = Object.values(plan.names.queues).map((name) => sqs.queues.named(name).contents);
  const retry = retryWaitOf(queues);
  return retry === undefined ? {} : { retry };
}

function runningCount(cloud: Cloud): number {
  return [...cloud.lambdaService.lambda.stats().values()].reduce((sum, stats) => sum + stats.runningCount, 0);
}
