import type { Random } from "@sluice/core/ports";
import { createCapacity } from "./capacity.ts";
import { drawLatencyMs } from "./latency.ts";
import { fateOf } from "./record-fate.ts";
import type { Scenario } from "./scenario.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { valueAt } from "./time-line.ts";

/** Decides what a provider does with each request, without a clock: the same seed and requests, the same reactions. */
export interface ProviderModel {
  /** Requests at once that the provider can bear now. */
  capacityAt(elapsedMinutes: number): number;
  /** Starts a request and returns the reaction to it. Requests that already run are not affected. */
  start(request: ProviderRequest): Reaction;
}

/** A request at the moment it starts. */
export interface ProviderRequest {
  readonly recordId: string;
  /** Minutes since the scenario began. */
  readonly elapsedMinutes: number;
  /** Requests in flight at the provider, this one included. */
  readonly inFlightCount: number;
  /** The stream of the request's own lots; left out: the model's one stream. */
  readonly random?: Random;
}

/** The reaction to a request; `hang`: no answer, ever. */
export type Reaction = Answer | { readonly kind: "hang" };

/** An answer, `afterMs` after the request. */
export interface Answer {
  readonly kind: "answer";
  readonly status: AnswerStatus;
  readonly afterMs: number;
  /** Only with 429. */
  readonly retryAfterSeconds?: number;
}

/** 200 the record, 404 unknown record, 429 too many requests, 500 the provider failed. */
export type AnswerStatus = 200 | 404 | 429 | 500;

/** The latency of a refusal. */
const REFUSAL_MS = 50;
const HANG: Reaction = { kind: "hang" };

/** Builds the model of a scenario's provider; `seed` is an integer. */
export function createProviderModel(deps: { scenario: Scenario; seed: number }): ProviderModel {
  const { provider } = deps.scenario;
  const { mode, exponent, retryAfterSeconds } = provider.overload;
  const stream = createSeededRandom(deps.seed);
  const capacity = createCapacity(provider);

  function start({ recordId, elapsedMinutes, inFlightCount, random = stream }: ProviderRequest): Reaction {
    // Each start draws equally often, so that the stream stays in step whatever happens to a request.
    const usualMs = drawLatencyMs(provider.latency, random) * valueAt(provider.latencyFactor, elapsedMinutes);
    const isFault = random.next() < valueAt(provider.faultRatio, elapsedMinutes);
    const serviceLot = random.next();

    const capacityCount = capacity.afterStart(elapsedMinutes, inFlightCount);
    const isOverloaded = inFlightCount > capacityCount;
    if (isOverloaded && mode === "hang") return HANG;
    if (capacityCount === 0) return { kind: "answer", status: 500, afterMs: REFUSAL_MS };
    if (isOverloaded && mode === "reject") return throttled(retryAfterSeconds);

    const load = Math.max(1, inFlightCount / capacityCount);
    const isDropped = mode === "collapse" && serviceLot >= 1 / load;
    const status = isDropped ? 500 : statusOf(recordId, isFault);
    return { kind: "answer", status, afterMs: usualMs * load ** exponent };
  }

  function statusOf(recordId: string, isFault: boolean): AnswerStatus {
    const fate = fateOf(provider, deps.seed, recordId);
    if (fate === "unknown") return 404;
    return fate === "poison" || isFault ? 500 : 200;
  }

  return { capacityAt: capacity.at, start };
}

function throttled(retryAfterSeconds: number | null): Answer {
  const answer: Answer = { kind: "answer", status: 429, afterMs: REFUSAL_MS };
  return retryAfterSeconds === null ? answer : { ...answer, retryAfterSeconds };
}
