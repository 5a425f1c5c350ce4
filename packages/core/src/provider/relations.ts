import { BATCH_SIZE_MAX } from "../aws-bounds.ts";
import { answerMaxMbOf } from "./answer-size.ts";
import { BASE_URL_RULE, baseUrlSchema } from "./base-url.ts";
import type { Provider } from "./provider.ts";

/** Least time of a worker beyond its call's timeout: it can still answer that the call timed out. */
const WORKER_HEADROOM_MIN_MS = 1_000;

/** Most records of a batch in flight together: all that it holds. */
const FAN_OUT_MAX = BATCH_SIZE_MAX;

/** The variable by which workers learn the root of the provider's API. */
export const BASE_URL = "PROVIDER_BASE_URL";

/** Checks the relations between the options of a provider; one sentence for each that does not hold. */
export function checkRelations(provider: Provider): string[] {
  const { maxConcurrency, slowAfterMs, timeoutMs, latency, backOff, worker, ventilator, queue } = provider;
  const baseUrl = worker.environment[BASE_URL];
  const answerMaxMb = answerMaxMbOf(worker.memoryMb);
  const reachable = ventilator.maxConcurrency * FAN_OUT_MAX;
  const relations: readonly [holds: boolean, otherwise: string][] = [
    [
      maxConcurrency <= reachable,
      `maxConcurrency must be at most ${FAN_OUT_MAX} × ventilator.maxConcurrency (${reachable}), received ${maxConcurrency}`,
    ],
    [
      slowAfterMs <= timeoutMs,
      `slowAfterMs must be at most timeoutMs (${timeoutMs}), received ${slowAfterMs}`,
    ],
    [
      latency.minMs <= latency.medianMs && latency.medianMs <= latency.maxMs,
      `latency.medianMs must be from latency.minMs (${latency.minMs}) to latency.maxMs (${latency.maxMs}), received ${latency.medianMs}`,
    ],
    [
      latency.maxMs <= timeoutMs,
      `latency.maxMs must be at most timeoutMs (${timeoutMs}), received ${latency.maxMs}`,
    ],
    [
      backOff.firstMs <= backOff.maxMs,
      `backOff.firstMs must be at most backOff.maxMs (${backOff.maxMs}), received ${backOff.firstMs}`,
    ],
    [
      worker.timeoutMs >= timeoutMs + WORKER_HEADROOM_MIN_MS,
      `worker.timeoutMs must be at least timeoutMs + ${WORKER_HEADROOM_MIN_MS} (${timeoutMs + WORKER_HEADROOM_MIN_MS}), received ${worker.timeoutMs}`,
    ],
    [
      worker.answer.maxMb <= answerMaxMb,
      `worker.answer.maxMb must be at most what worker.memoryMb (${worker.memoryMb}) can hold (${answerMaxMb}), received ${worker.answer.maxMb}`,
    ],
    [
      baseUrl === undefined || baseUrlSchema.safeParse(baseUrl).success,
      `worker.environment.${BASE_URL} ${BASE_URL_RULE}, received ${JSON.stringify(baseUrl)}`,
    ],
    [
      worker.timeoutMs + ventilator.marginMs < ventilator.timeoutMs,
      `ventilator.timeoutMs must be more than worker.timeoutMs + ventilator.marginMs (${worker.timeoutMs + ventilator.marginMs}), received ${ventilator.timeoutMs}`,
    ],
    [
      ventilator.timeoutMs <= queue.visibilityTimeoutMs,
      `queue.visibilityTimeoutMs must be at least ventilator.timeoutMs (${ventilator.timeoutMs}), received ${queue.visibilityTimeoutMs}`,
    ],
  ];
  return relations.filter(([holds]) => !holds).map(([, otherwise]) => otherwise);
}
