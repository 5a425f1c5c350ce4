import type { AttemptUnderWay, FetchKey } from "../ports/fetch-store.ts";
import { backOffMs } from "../timing/back-off.ts";
import type { Task } from "./batch.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";

/** Spreads the return of messages that wait for the same lease to end. */
const LEASE_JITTER_MS = 1_000;
/** Records that wait for one attempt: with these, and with names of usual length, its row takes a unit more to write at most. */
const WAITING_MAX = 10;

/** An attempt of a record that is under way, by the refusal of a claim. */
interface InFlight {
  readonly leaseUntilMs: number;
  readonly attempt?: AttemptUnderWay;
}

/**
 * Hides the message of a record that is being fetched already. If a user waits for it, the one who fetches it is asked to
 * tell its run, too; the message comes again all the same, in case he dies or fails.
 * @throws Unreachable if the store could not be asked
 */
export async function joinAttempt(
  task: Task,
  key: FetchKey,
  { leaseUntilMs, attempt }: InFlight,
  deps: Pick<VentilatorDeps, "provider" | "fetches" | "clock" | "random">,
): Promise<Disposition> {
  const { received } = task;
  if (attempt !== undefined && (await join(task, key, attempt, deps)) === "over") return handBack(0);
  return handBack(untilFreeMs(leaseUntilMs - deps.clock.nowMs(), received.receiveCount, deps));
}

async function join(
  { isUrgent, message: { runId, number } }: Task,
  key: FetchKey,
  { attemptId, runId: itsRunId, waiting }: AttemptUnderWay,
  { fetches }: Pick<VentilatorDeps, "fetches">,
): Promise<"joined" | "over" | undefined> {
  if (!isUrgent || number === undefined || runId === itsRunId) return undefined;
  const isJoined = waiting.some((each) => each.runId === runId);
  if (isJoined || waiting.length >= WAITING_MAX) return undefined;
  return fetches.join(key, attemptId, { runId, number });
}

/**
 * Most attempts end long before their lease: looks again after a back-off that begins with the time of a usual call, at
 * the latest when the lease is over.
 */
function untilFreeMs(
  leaseLeftMs: number,
  receiveCount: number,
  { provider, random }: Pick<VentilatorDeps, "provider" | "random">,
): number {
  const leaseEndMs = Math.max(0, leaseLeftMs) + random.next() * LEASE_JITTER_MS;
  const firstMs = Math.max(UNSTARTED_BACK_OFF.firstMs, 2 * provider.latency.medianMs);
  const backOff = { firstMs, maxMs: Math.max(UNSTARTED_BACK_OFF.maxMs, firstMs) };
  return Math.min(leaseEndMs, backOffMs(backOff, receiveCount, random));
}
