import { messageOf } from "../errors.ts";
import type { AttemptEnd, Completion, Waiting } from "../ports/fetch-store.ts";
import { shortened } from "../records/cause.ts";
import { backOffMs } from "../timing/back-off.ts";
import { persist } from "../timing/persist.ts";
import { holdMs } from "../worker/hold.ts";
import type { Outcome } from "../worker/outcome.ts";
import type { GrantedAttempt } from "./batch.ts";
import { sendDeadLetter } from "./dead-letters.ts";
import type { VentilatorDeps } from "./deps.ts";
import {
  type Disposition,
  ended as endedAs,
  handBack,
  UNSTARTED_BACK_OFF,
  unstartedBackOffMs,
} from "./disposition.ts";
import { isInDoubt } from "./doubt.ts";
import { isToBlame } from "./vote.ts";

/** An attempt that is over, with its outcome. */
export interface EndedAttempt extends GrantedAttempt {
  readonly outcome: Outcome;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/**
 * Paces before which a record that was probed with is not received again: two more probes are made meanwhile, of others.
 * A breaker of a slow pace does not make it wait for longer than the maximum: its row says that others come first.
 */
const PROBED_AGAIN_PACES = 9;
const PROBED_AGAIN_MAX_MS = 3 * 60_000;
/** Longest cause that a row keeps, in bytes: with a few of them it is still written for two units or so. */
const ROW_CAUSE_MAX_BYTES = 500;

/** Faults in probes that a record's row keeps: where most calls fail for a day it must not grow. */
const NOTED_PROBES_MAX = 2;

/**
 * Records the end of an attempt and decides on its message.
 * @throws Unreachable if it could not be recorded in the time that is left
 */
export async function settle(ended: EndedAttempt, deps: VentilatorDeps): Promise<Disposition> {
  const { outcome, task, times } = ended;
  const { receiveCount } = task.received;
  const soonMs = backOffMs(UNSTARTED_BACK_OFF, receiveCount, deps.random);
  switch (outcome.kind) {
    case "ok":
    case "slow":
      return complete(ended, "fetched", endedAs("fetched"), deps);
    case "throttled":
      return complete(ended, "released", handBack(Math.max(soonMs, holdMs(outcome.retryAfterMs ?? 0))), deps);
    case "rejected":
      return isInDoubt(ended, deps.provider.timeZone)
        ? releaseRejected(ended, deps)
        : die(ended, rejectedCause(ended, outcome.cause), deps);
    case "fault":
      return failOrDie(ended, outcome.cause, deps);
    case "unavailable":
      switch (outcome.fate) {
        case "unstarted":
          return complete(ended, "released", handBack(unstartedBackOffMs(receiveCount, deps.random)), deps);
        case "crashed":
          return failOrDie(ended, outcome.cause, deps);
        case "lost":
          return handBack(times.leaseUntilMs - deps.clock.nowMs() + soonMs);
      }
  }
}

function failOrDie(ended: EndedAttempt, cause: string, deps: VentilatorDeps): Promise<Disposition> {
  const { attempt, claim, outcome, task, faults = [] } = ended;
  const visibleInMs = backOffMs(deps.provider.backOff, attempt, deps.random);
  // A bad record's probe is an attempt all the same: else bad records alone could keep a breaker open for ever.
  if (task.isFree && !isToBlame(faults, task.known?.lastOkAtMs ?? 0))
    return releaseProbe(ended, visibleInMs, deps);
  if (attempt >= deps.provider.maxAttempts) return die(ended, cause, deps);
  const { recordId, correlationId } = claim;
  deps.log.info("attempt failed", {
    recordId,
    correlationId,
    attempt,
    outcome: outcome.kind,
    cause,
    visibleInMs,
  });
  return complete(ended, "failed", handBack(visibleInMs), deps);
}

/**
 * Releases a failed probe. Its fault is noted, so that the record is not asked first again, but only once until the
 * provider has answered somebody: an outage of a day must not fill the row. A crash is counted: after a few of them the
 * record's probes are charged.
 */
function releaseProbe(ended: EndedAttempt, backOffMs: number, deps: VentilatorDeps): Promise<Disposition> {
  const { outcome, task, faults = [] } = ended;
  const disposition = handBack(Math.max(backOffMs, probedAgainMs(deps)));
  const last = faults.at(-1);
  const isNews = last === undefined || (task.known?.lastOkAtMs ?? 0) >= last.endedAtMs;
  const isNoted = isNews && faults.filter(({ isFree }) => isFree).length < NOTED_PROBES_MAX;
  if (outcome.kind !== "fault") return complete(ended, "released", disposition, deps, { isCutOff: true });
  return complete(ended, "released", disposition, deps, isNoted ? { isNoted } : {});
}

/**
 * Releases a record whose rejection is in doubt: it keeps its attempts. It is noted, so that the record dies of a few of
 * them; of those in probes once, so that a hold of a day kills none.
 */
function releaseRejected(ended: EndedAttempt, deps: VentilatorDeps): Promise<Disposition> {
  const { task, rejectionCount = 0, outcome, claim } = ended;
  const againInMs = backOffMs(doubtBackOff(deps), rejectionCount + 1, deps.random);
  const visibleInMs = task.isProbe ? Math.max(againInMs, probedAgainMs(deps)) : againInMs;
  const { recordId, correlationId } = claim;
  deps.log.info("rejection is in doubt", { recordId, correlationId, ...outcome, visibleInMs });
  const isNoted = !task.isProbe || rejectionCount === 0;
  return complete(ended, "released", handBack(visibleInMs), deps, isNoted ? { isNoted } : {});
}

/** Never below a pace of the breaker's: a wrong address is to be seen before the record has no rejection left. */
function doubtBackOff({ provider: { backOff, breaker } }: VentilatorDeps) {
  const firstMs = Math.max(backOff.firstMs, breaker.paceMs);
  return { firstMs, maxMs: Math.max(backOff.maxMs, firstMs) };
}

function rejectedCause({ rejectionCount = 0 }: EndedAttempt, cause: string): string {
  return rejectionCount === 0 ? cause : `${cause} (rejected ${rejectionCount + 1} times)`;
}

/** Time after which a record that was probed with comes again, in ms. */
function probedAgainMs({ provider, random }: VentilatorDeps): number {
  const leastMs = Math.min(PROBED_AGAIN_PACES * provider.breaker.paceMs, PROBED_AGAIN_MAX_MS);
  return leastMs + (random.next() * leastMs) / 10;
}

/**
 * Sends the dead letter, then ends the attempt: a crash in between leaves a record that is sent twice, not a lost
 * one.
 */
async function die(ended: EndedAttempt, cause: string, deps: VentilatorDeps): Promise<Disposition> {
  const { task, claim, attempt, endedAtMs, times } = ended;
  const { recordId, correlationId } = claim;
  const letter = { cause, attempts: attempt, deadLetteredAtMs: endedAtMs };
  try {
    await persist(deps.clock, times.writeUntilMs, () =>
      sendDeadLetter(deps.deadLetters, task.received, letter),
    );
  } catch (thrown) {
    deps.log.error("dead letter could not be sent", { recordId, correlationId, cause: messageOf(thrown) });
    return complete(ended, "failed", handBack(backOffMs(deps.provider.backOff, attempt, deps.random)), deps);
  }
  deps.log.warn("record is dead", { recordId, correlationId, attempts: attempt, cause });
  return complete(ended, "dead", endedAs("dead", cause), deps);
}

/** Writes the end of the attempt; a row that another attempt has taken over is left to it. */
async function complete(
  ended: EndedAttempt,
  status: Completion["status"],
  disposition: Disposition,
  deps: VentilatorDeps,
  more: Pick<Completion, "isNoted" | "isCutOff"> = {},
): Promise<Disposition> {
  const { provider, day, recordId, attemptId, isFree } = ended.claim;
  const names = { provider, day, recordId, attemptId, ...(isFree && { isFree }) };
  const completion: Completion = { ...names, status, ...more, end: endOf(ended) };
  const written = await persist(deps.clock, ended.times.writeUntilMs, () =>
    deps.fetches.complete(completion),
  );
  if (written.kind === "completed")
    return status === "fetched" ? withWaiting(disposition, written.waiting) : disposition;
  deps.log.warn("attempt was superseded", { recordId, attemptId, status });
  return handBack(backOffMs(UNSTARTED_BACK_OFF, 1, deps.random));
}

/** That a record is fetched stays so: whoever waits for it may be told, whatever happens before his own message comes. */
function withWaiting(disposition: Disposition, waiting: readonly Waiting[]): Disposition {
  return disposition.kind === "acknowledge" && waiting.length > 0 ? { ...disposition, waiting } : disposition;
}

function endOf({ task, outcome, startedAtMs, endedAtMs }: EndedAttempt): AttemptEnd {
  const { lastOkAtMs = 0 } = task.known ?? {};
  return {
    startedAtMs,
    endedAtMs,
    outcome: outcome.kind,
    ...("latencyMs" in outcome ? { latencyMs: outcome.latencyMs } : {}),
    ...("cause" in outcome ? { cause: shortened(outcome.cause, ROW_CAUSE_MAX_BYTES) } : {}),
    ...(outcome.kind === "fault" && lastOkAtMs > 0 ? { lastOkAtMs } : {}),
  };
}
