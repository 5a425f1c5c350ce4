import type { Claim, FetchKey } from "../ports/fetch-store.ts";
import type { Random } from "../ports/random.ts";
import { providerDay } from "../provider/day.ts";
import { backOffMs } from "../timing/back-off.ts";
import type { BatchTimes } from "./batch-times.ts";
import { buryExhausted } from "./bury-exhausted.ts";
import type { VentilatorDeps } from "./deps.ts";
import { ACKNOWLEDGE, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import { runAttempt } from "./run-attempt.ts";
import type { Task, TaskResult } from "./task.ts";

/** Spreads the return of messages that wait for the same lease to end. */
const LEASE_JITTER_MS = 1_000;

/**
 * Fetches one record, once on its provider day: claims it, and runs an attempt if the claim is granted.
 * @throws Unreachable if the store could not be asked; nothing was started then
 */
export async function fetchRecord(task: Task, times: BatchTimes, deps: VentilatorDeps): Promise<TaskResult> {
  const { provider, fetches, clock, ids, random } = deps;
  const { received, message } = task;
  const nowMs = clock.nowMs();
  const key: FetchKey = {
    provider: provider.id,
    day: providerDay(provider.timeZone, nowMs),
    recordId: message.recordId,
  };
  const claim: Claim = {
    ...key,
    attemptId: ids.next(),
    runId: message.runId,
    correlationId: message.correlationId,
    nowMs,
    leaseUntilMs: times.leaseUntilMs,
    maxAttempts: provider.maxAttempts,
    isRedriven: received.isRedriven,
  };
  const claimed = await fetches.claim(claim);
  switch (claimed.kind) {
    case "claimed": {
      const { attempt, firstFaultAtMs } = claimed;
      const faulty = firstFaultAtMs === undefined ? {} : { firstFaultAtMs };
      const result = await runAttempt({ task, claim, attempt, times, ...faulty }, deps);
      return { ...result, attempt, ...faulty };
    }
    case "fetched":
    case "dead":
      return { disposition: ACKNOWLEDGE };
    case "in-flight":
      return {
        disposition: handBack(untilFreeMs(claimed.leaseUntilMs - nowMs, received.receiveCount, random)),
      };
    case "exhausted":
      return { disposition: await buryExhausted(task, key, claimed, times, deps) };
  }
}

/** Most attempts end long before their lease: looks again after a back-off, at the latest when the lease is over. */
function untilFreeMs(leaseLeftMs: number, receiveCount: number, random: Random): number {
  const leaseEndMs = Math.max(0, leaseLeftMs) + random.next() * LEASE_JITTER_MS;
  return Math.min(leaseEndMs, backOffMs(UNSTARTED_BACK_OFF, receiveCount, random));
}
