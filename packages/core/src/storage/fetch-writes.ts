import type { Entity } from "electrodb";
import type { ClaimRequest, Completion, FetchKey, Waiting } from "../ports/fetch-store.ts";
import { recordKey } from "../records/record-key.ts";
import { chargeOf } from "./fetch.ts";
import { type FETCH_MODEL, waitingText } from "./fetch-entity.ts";
import { reachDynamoDb } from "./unreachable.ts";

/** ElectroDB's entity of {@link FETCH_MODEL}. */
export type FetchEntity = Entity<string, string, string, typeof FETCH_MODEL>;

/** DynamoDB's answer to a conditional write. */
export interface WriteAnswer {
  /** The row did not meet the condition. */
  readonly rejected: boolean;
  /** The row that refused the write, if DynamoDB sends it; of {@link writeStart} and {@link writeEnd} also the one written. */
  readonly data?: unknown;
}

/** Time for which rows are kept, so that yesterday can be looked into. */
const KEPT_FOR_MS = 30 * 24 * 60 * 60_000;

/** Asks for the row that refused a write, so that explaining the refusal needs no read (on AWS). */
const TELL_WHY = { returnOnConditionCheckFailure: "all_old" } as const;

/**
 * Starts an attempt if the record has no row, or has attempts left and has failed or is under a lease that has run out.
 * A request that DynamoDB carries out late, or a second time, finds its attempt's claim or a later one, and is refused.
 * @throws Unreachable
 */
export function writeStart(entity: FetchEntity, claim: ClaimRequest): Promise<WriteAnswer> {
  const { attemptId, leaseUntilMs, runId, correlationId, nowMs, maxAttempts } = claim;
  const start = entity
    .update(fetchKeyOf(claim))
    .set({ recordId: claim.recordId, status: "fetching", attemptId, leaseUntilMs, runId, correlationId })
    .set({ claimedAtMs: nowMs, expiresAtSeconds: expirySeconds(nowMs) });
  // Zero is added too: a row without the number would not be below the maximum.
  const charged = claim.isFree
    ? start.set({ isFree: true }).remove(["waiting"]).add({ attempts: 0, freeStarts: 1 })
    : start.remove(["isFree", "waiting"]).add({ attempts: 1 });
  return reachDynamoDb(
    charged
      .where(
        ({ status, attempts, leaseUntilMs, claimedAtMs, attemptId: last }, { notExists, eq, ne, lt, lte }) =>
          `(${notExists(status)}` +
          ` OR ((${notExists(claimedAtMs)} OR ${lte(claimedAtMs, nowMs)}) AND ${ne(last, attemptId)}` +
          ` AND ${lt(attempts, maxAttempts)} AND (${eq(status, "failed")}` +
          ` OR (${eq(status, "fetching")} AND ${lt(leaseUntilMs, nowMs)}))))`,
      )
      .go({ response: "all_new", ...TELL_WHY }),
  );
}

/**
 * Starts a dead record afresh, without its history.
 * @throws Unreachable
 */
export function writeRevival(entity: FetchEntity, claim: ClaimRequest): Promise<WriteAnswer> {
  const { attemptId, leaseUntilMs, runId, correlationId, nowMs } = claim;
  const start = entity
    .update(fetchKeyOf(claim))
    .set({ status: "fetching", history: [], attemptId, leaseUntilMs, runId, correlationId })
    .set({ claimedAtMs: nowMs, expiresAtSeconds: expirySeconds(nowMs) });
  const charged = claim.isFree
    ? start.set({ attempts: 0, freeStarts: 1, isFree: true }).remove(["waiting"])
    : start.set({ attempts: 1 }).remove(["freeStarts", "isFree", "waiting"]);
  return reachDynamoDb(
    charged
      .where(
        ({ status, claimedAtMs, attemptId: last }, { eq, ne, notExists, lte }) =>
          `${eq(status, "dead")} AND (${notExists(claimedAtMs)} OR ${lte(claimedAtMs, nowMs)})` +
          ` AND ${ne(last, attemptId)}`,
      )
      .go(TELL_WHY),
  );
}

/**
 * Ends an attempt if the row is still its own.
 * @throws Unreachable
 */
export function writeEnd(entity: FetchEntity, completion: Completion): Promise<WriteAnswer> {
  const { attemptId, status, isNoted, end } = completion;
  const { attempts, freeStarts } = chargeOf(completion);
  const own = entity
    .update(fetchKeyOf(completion))
    .add({ ...(attempts !== 0 && { attempts }), ...(freeStarts !== 0 && { freeStarts }) });
  const change =
    status === "released"
      ? own
          .set({ status: "failed" })
          .append(isNoted ? { history: [{ attemptId, ...end, isFree: true }] } : {})
      : own.set({ status }).append({ history: [{ attemptId, ...end }] });
  return reachDynamoDb(
    change
      .where((row, { eq }) => `${eq(row.attemptId, attemptId)} AND ${eq(row.status, "fetching")}`)
      .go({ response: "all_new", ...TELL_WHY }),
  );
}

/**
 * Adds a record of another run to those that wait for the end of an attempt, if that is under way.
 * @throws Unreachable
 */
export function writeWaiting(
  entity: FetchEntity,
  key: FetchKey,
  attemptId: string,
  waiting: Waiting,
): Promise<WriteAnswer> {
  return reachDynamoDb(
    entity
      .update(fetchKeyOf(key))
      .add({ waiting: [waitingText(waiting)] })
      .where((row, { eq }) => `${eq(row.status, "fetching")} AND ${eq(row.attemptId, attemptId)}`)
      .go(TELL_WHY),
  );
}

/**
 * Makes a claim look like one that has ended already, so that it is refused if DynamoDB carries it out after all; where
 * it would be granted as the row is, and nowhere else.
 * @throws Unreachable
 */
export function writeWithdrawal(entity: FetchEntity, claim: ClaimRequest): Promise<WriteAnswer> {
  const { recordId, attemptId, leaseUntilMs, runId, correlationId, nowMs } = claim;
  return reachDynamoDb(
    entity
      .update(fetchKeyOf(claim))
      .set({ recordId, status: "failed", attemptId, leaseUntilMs, runId, correlationId })
      .set({ claimedAtMs: nowMs, expiresAtSeconds: expirySeconds(nowMs) })
      .remove(["isFree"])
      .add({ attempts: 0 })
      .where(
        ({ status, claimedAtMs, leaseUntilMs: untilMs, attemptId: last }, { notExists, eq, ne, lt, lte }) =>
          `(${notExists(status)} OR ((${notExists(claimedAtMs)} OR ${lte(claimedAtMs, nowMs)})` +
          ` AND ${ne(last, attemptId)} AND (${eq(status, "failed")}` +
          ` OR (${eq(status, "fetching")} AND ${lt(untilMs, nowMs)}))))`,
      )
      .go(TELL_WHY),
  );
}

/**
 * Marks a record dead that has failed, or whose last attempt has been cut off: its lease has run out.
 * @throws Unreachable
 */
export function writeDeath(entity: FetchEntity, key: FetchKey, nowMs: number): Promise<WriteAnswer> {
  return reachDynamoDb(
    entity
      .update(fetchKeyOf(key))
      .set({ status: "dead", expiresAtSeconds: expirySeconds(nowMs) })
      .where(
        ({ status, leaseUntilMs }, { eq, lt }) =>
          `(${eq(status, "failed")} OR (${eq(status, "fetching")} AND ${lt(leaseUntilMs, nowMs)}))`,
      )
      .go(TELL_WHY),
  );
}

/** The composite key of a row, as {@link FETCH_MODEL} has it. */
export function fetchKeyOf({ provider, day, recordId }: FetchKey): {
  readonly provider: string;
  readonly day: string;
  readonly recordKey: string;
} {
  return { provider, day, recordKey: recordKey(recordId) };
}

function expirySeconds(nowMs: number): number {
  return Math.ceil((nowMs + KEPT_FOR_MS) / 1_000);
}
