import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { ownEnvironment, requiredApi, workerEnvironment } from "../function-environment.ts";
import { ProviderFault, ProviderThrottled } from "./call-errors.ts";
import { defineWorker } from "./define-worker.ts";
import { fetchJson } from "./fetch-json.ts";

interface TroubleVariables {
  readonly SLOW_PERCENTAGE: number;
  readonly ERROR_PERCENTAGE: number;
  readonly THROTTLED_PERCENTAGE: number;
  readonly HANGING_PERCENTAGE: number;
  readonly LATENCY_MIN_MS: number;
  readonly LATENCY_MAX_MS: number;
}

const percentage = z.coerce.number().min(0).max(100).default(0);
const durationMs = z.coerce.number().min(0).default(0);

const troubleSchema: z.ZodType<TroubleVariables> = z.object({
  SLOW_PERCENTAGE: percentage,
  ERROR_PERCENTAGE: percentage,
  THROTTLED_PERCENTAGE: percentage,
  HANGING_PERCENTAGE: percentage,
  LATENCY_MIN_MS: durationMs,
  LATENCY_MAX_MS: durationMs,
});

/** The time that a throttled call asks to be left alone for: it can be watched, and is over soon. */
const RETRY_AFTER_MS = 20_000;
/** Longer than any call may last: its deadline ends it. */
const FOR_EVER_MS = 24 * 60 * 60_000;
/** Added to a slow call, because a timer may fire up to a millisecond early, and the clock counts whole ones. */
const TIMER_SLACK_MS = 2;

const { provider, providerBaseUrl } = workerEnvironment();
const api = providerBaseUrl === undefined ? undefined : requiredApi();
const trouble = ownEnvironment(troubleSchema);

/**
 * A worker to try things with. It adds trouble of its own to each call: latency from a range, a share of calls that
 * are slow, that fail, that are told to come later, or that are never answered. With a PROVIDER_BASE_URL it then calls that provider; without one it only waits.
 */
export const handler: ReturnType<typeof defineWorker> = defineWorker(async ({ recordId, signal }) => {
  await sleep(latencyMs(), undefined, { signal });
  if (hits(trouble.HANGING_PERCENTAGE)) await sleep(FOR_EVER_MS, undefined, { signal });
  if (hits(trouble.THROTTLED_PERCENTAGE))
    throw new ProviderThrottled("THROTTLED_PERCENTAGE hit this call", RETRY_AFTER_MS);
  if (hits(trouble.ERROR_PERCENTAGE)) throw new ProviderFault("ERROR_PERCENTAGE hit this call");
  if (api !== undefined) await fetchJson(api, recordId, signal);
});

function latencyMs(): number {
  const { LATENCY_MIN_MS, LATENCY_MAX_MS, SLOW_PERCENTAGE } = trouble;
  const usualMs = LATENCY_MIN_MS + Math.random() * Math.max(0, LATENCY_MAX_MS - LATENCY_MIN_MS);
  return hits(SLOW_PERCENTAGE) ? usualMs + provider.slowAfterMs + TIMER_SLACK_MS : usualMs;
}

function hits(percent: number): boolean {
  return Math.random() * 100 < percent;
}
