import { backOffMs } from "@sluice/core/timing";
import { createProviderModel } from "../provider-simulator/provider-model.ts";
import type { Scenario } from "../provider-simulator/scenario.ts";
import { createHeap } from "../virtual-time/heap.ts";
import { createInstants } from "../world/instants.ts";
import { providerOf } from "../world/provider-of.ts";
import { arrivalsOf, recordIdOf } from "../world/records.ts";
import { withinMs } from "../world/site.ts";
import { attemptStream } from "../world/streams.ts";

/** What the ideal came to; instants count from the start of the run. */
export interface IdealRun {
  /** When each record was served, ascending. */
  readonly servedAtMs: Float64Array;
  /**
   * When there was nothing left to start but what waits for a retry, and no more to arrive; undefined if that never came
   * within the scenario.
   */
  readonly emptiedAtMs: number | undefined;
  /** Calls in all. */
  readonly startCount: number;
}

/** How the ideal runs. */
export interface IdealOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Makes each slot pause after so many calls; left out: no overhead at all. */
  readonly batches?: IdealBatches;
}

/** Batches as large as AWS allows, with what lies between two invocations: with calls of milliseconds, no law is without it. */
export interface IdealBatches {
  readonly size: number;
  readonly overheadMs: number;
}

/** One start of a record. */
interface Attempt {
  readonly index: number;
  readonly attempt: number;
}

type Happening =
  | {
      readonly atMs: number;
      readonly kind: "ended";
      readonly started: Attempt;
      readonly status: number;
      readonly left: number;
    }
  | { readonly atMs: number; readonly kind: "due"; readonly retry: Attempt }
  | { readonly atMs: number; readonly kind: "rested" };

const SECOND_MS = 1_000;
const NO_ANSWER = 0;

/**
 * What could be had: exactly min(X, true capacity) requests in flight at every instant, on the same records, with the
 * same latencies and faults per attempt and the same rules for retries, and without any overhead.
 */
export function runIdeal({ scenario, seed, batches }: IdealOptions): IdealRun {
  const provider = providerOf(scenario);
  const { maxConcurrency, timeoutMs } = scenario.provider;
  const endMs = scenario.durationMinutes * 60_000;
  const model = createProviderModel({ scenario, seed });
  const arrivals = arrivalsOf(scenario);
  const happenings = createHeap<Happening>((one, other) => one.atMs < other.atMs);
  const served = createInstants();
  const retries: Attempt[] = [];
  let nextRetry = 0;
  let nowMs = 0;
  let freshIndex = 0;
  let arrivedCount = 0;
  let inFlightCount = 0;
  let restingCount = 0;
  let startCount = 0;
  let emptiedAtMs: number | undefined;

  function takeWork(): Attempt | undefined {
    const retry = retries[nextRetry];
    if (retry !== undefined) {
      nextRetry += 1;
      if (nextRetry === retries.length) nextRetry = retries.length = 0;
      return retry;
    }
    if (freshIndex === arrivedCount) return undefined;
    freshIndex += 1;
    return { index: freshIndex - 1, attempt: 1 };
  }

  function hasFreeSlot(): boolean {
    const capacityCount = model.capacityAt(nowMs / 60_000);
    return inFlightCount + restingCount < Math.min(maxConcurrency, capacityCount);
  }

  function fillSlots(): void {
    while (hasFreeSlot()) {
      const work = takeWork();
      if (work === undefined) {
        if (arrivedCount === arrivals.totalCount) emptiedAtMs ??= nowMs;
        return;
      }
      start(work, (batches?.size ?? 1) - 1);
    }
  }

  function start(started: Attempt, left: number): void {
    inFlightCount += 1;
    startCount += 1;
    const recordId = recordIdOf(started.index);
    const reaction = model.start({
      recordId,
      elapsedMinutes: nowMs / 60_000,
      inFlightCount,
      random: attemptStream(seed, recordId, started.attempt),
    });
    const answer = withinMs(reaction, timeoutMs);
    const atMs = nowMs + (answer?.afterMs ?? timeoutMs);
    happenings.push({ atMs, kind: "ended", started, status: answer?.status ?? NO_ANSWER, left });
  }

  function happen(happening: Happening): void {
    switch (happening.kind) {
      case "ended":
        inFlightCount -= 1;
        end(happening.started, happening.status);
        goOn(happening.left);
        return;
      case "due":
        retries.push(happening.retry);
        return;
      case "rested":
        restingCount -= 1;
    }
  }

  function end({ index, attempt }: Attempt, status: number): void {
    if (status === 200) served.add(nowMs);
    else if (status !== 404 && attempt < provider.maxAttempts) {
      const waitMs = backOffMs(provider.backOff, attempt, attemptStream(~seed, recordIdOf(index), attempt));
      happenings.push({ atMs: nowMs + waitMs, kind: "due", retry: { index, attempt: attempt + 1 } });
    }
  }

  /** What a slot does after a call: the next one of its batch, or the pause between two batches. */
  function goOn(left: number): void {
    if (batches === undefined) return;
    const next = left > 0 && hasFreeSlot() ? takeWork() : undefined;
    if (next === undefined) {
      restingCount += 1;
      happenings.push({ atMs: nowMs + batches.overheadMs, kind: "rested" });
    } else start(next, left - 1);
  }

  for (let tickMs = 0; nowMs <= endMs; ) {
    while ((happenings.peek()?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs)
      happen(happenings.pop() as Happening);
    arrivedCount = arrivals.countAt(nowMs);
    fillSlots();
    // Arrivals and what changes at the provider by itself are looked at every second.
    if (tickMs <= nowMs) tickMs += SECOND_MS;
    nowMs = Math.min(happenings.peek()?.atMs ?? tickMs, tickMs, nextChangeMs(scenario, nowMs));
  }
  return { servedAtMs: served.all(), emptiedAtMs, startCount };
}

/** When the capacity changes next according to its time line. */
function nextChangeMs({ provider }: Scenario, nowMs: number): number {
  const step = provider.capacity.find(([minute]) => minute * 60_000 > nowMs);
  return step === undefined ? Number.POSITIVE_INFINITY : step[0] * 60_000;
}
