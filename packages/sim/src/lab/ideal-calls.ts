import { backOffMs } from "@sluice/core/timing";
import { type AnswerStatus, createProviderModel } from "../provider-simulator/provider-model.ts";
import type { Scenario } from "../provider-simulator/scenario.ts";
import { providerOf } from "../world/provider-of.ts";
import { recordIdOf } from "../world/records.ts";
import { withinMs } from "../world/site.ts";
import { attemptStream } from "../world/streams.ts";
import type { RecordStart } from "./ideal-work.ts";

/** The provider's side of the ideal: the same latencies, faults and rules for retries as under any law. */
export interface IdealCalls {
  /**
   * The requests at once, none of them longer than alone, that nothing can do better than: min(X, true capacity), or more
   * where longer calls are worth their length.
   */
  allowedCountAt(elapsedMs: number): number;
  /** Starts a call; `inFlightCount` includes it. */
  start(start: RecordStart, elapsedMs: number, inFlightCount: number): IdealCall;
  /** The wait before a record's next attempt; undefined if there is none. */
  retryAfterMs(ended: IdealCall): number | undefined;
}

/** A call, from its start on. */
export interface IdealCall extends RecordStart {
  readonly endsAtMs: number;
  /** Undefined for a call that times out. */
  readonly status: AnswerStatus | undefined;
}

/** Makes the calls of a scenario's provider. */
export function createIdealCalls(scenario: Scenario, seed: number): IdealCalls {
  const { timeoutMs } = scenario.provider;
  const { maxAttempts, backOff } = providerOf(scenario);
  const model = createProviderModel({ scenario, seed });
  return {
    allowedCountAt: (elapsedMs) => allowedCount(scenario.provider, model.capacityAt(elapsedMs / 60_000)),
    start({ index, attempt }, elapsedMs, inFlightCount) {
      const recordId = recordIdOf(index);
      const reaction = model.start({
        recordId,
        elapsedMinutes: elapsedMs / 60_000,
        inFlightCount: Math.min(inFlightCount, model.capacityAt(elapsedMs / 60_000)),
        random: attemptStream(seed, recordId, attempt),
      });
      const answer = withinMs(reaction, timeoutMs);
      return {
        index,
        attempt,
        endsAtMs: elapsedMs + (answer?.afterMs ?? timeoutMs),
        status: answer?.status,
      };
    },
    retryAfterMs({ index, attempt, status }) {
      if (status === 200 || status === 404 || attempt >= maxAttempts) return undefined;
      return backOffMs(backOff, attempt, attemptStream(~seed, recordIdOf(index), attempt));
    },
  };
}

/**
 * Calls that stretch by (in flight / capacity)^exponent bring in flight^(1 − exponent) × capacity^exponent calls of usual
 * length: below an exponent of 1 that grows with each further one, up to X.
 */
function allowedCount({ maxConcurrency, overload }: Scenario["provider"], capacityCount: number): number {
  const borneCount = Math.min(maxConcurrency, capacityCount);
  const { mode, exponent } = overload;
  if (mode !== "stretch" || exponent >= 1 || borneCount === maxConcurrency) return borneCount;
  return Math.ceil(maxConcurrency ** (1 - exponent) * borneCount ** exponent);
}
