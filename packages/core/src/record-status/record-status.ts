import { SluiceError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Attempt, Fetch, FetchStore } from "../ports/fetch-store.ts";
import type { HistoryStore } from "../ports/history-store.ts";
import type { Rosters } from "../ports/rosters.ts";
import type { RunStore } from "../ports/run-store.ts";
import { providerDay } from "../provider/day.ts";
import type { Lane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { latestBackOffMs } from "../timing/back-off.ts";
import { type RunOfRecord, readRunsOf } from "./runs-of-record.ts";
import { type Wait, waitsOf } from "./waits.ts";

/** A record on one provider day: where it stands, and what has happened to it. */
export interface RecordStatus {
  readonly recordId: string;
  /** The provider day, as `2026-11-21`. */
  readonly day: string;
  readonly state: RecordState;
  /** Ended attempts of the day, oldest first, those too that were not charged. */
  readonly attempts: readonly Attempt[];
  /** Charged starts of the day, and the most that it may have. */
  readonly attemptCount: number;
  readonly maxAttempts: number;
  /** Runs that ask for it, or have in the last two days, oldest first. */
  readonly runs: readonly RunOfRecord[];
}

/**
 * The place where a record stands. `unknown`: no run asks for it, and it was not started on the day; `queued`: a run does, and it
 * has not been started; `fetching`: it is under way, or was cut off, and may be started again after the lease;
 * `waiting`: it has failed and comes again.
 */
export type RecordState =
  | { readonly kind: "unknown" }
  | { readonly kind: "queued"; readonly waits: readonly Wait[] }
  | {
      readonly kind: "fetching";
      readonly leaseUntilMs: number;
      readonly isCutOff: boolean;
      readonly claimedAtMs?: number;
    }
  | { readonly kind: "waiting"; readonly waits: readonly Wait[] }
  | { readonly kind: "fetched"; readonly atMs: number; readonly runId: string }
  | { readonly kind: "dead"; readonly atMs: number; readonly cause: string };

/** Everything that a record's status is read from. */
export interface RecordStatusDeps {
  /** The provider's id. */
  readonly provider: string;
  readonly fetches: Pick<FetchStore, "get">;
  readonly runs: RunStore;
  readonly rosters: Rosters;
  readonly history: Pick<HistoryStore, "contract" | "latest">;
  readonly clock: Pick<Clock, "nowMs">;
}

/**
 * Reads the status of a record today, by the provider's calendar.
 * @throws SluiceError `contract-unknown` while the deployment has not told its contract; Unreachable, StoredRowInvalid
 */
export async function readRecordStatus(recordId: string, deps: RecordStatusDeps): Promise<RecordStatus> {
  const { provider, fetches, history, clock } = deps;
  const contract = await history.contract();
  if (contract === undefined) throw contractUnknown(provider);
  const day = providerDay(contract.timeZone, clock.nowMs());
  const [row, runs, latest] = await Promise.all([
    fetches.get({ provider, day, recordId }),
    readRunsOf(recordId, deps),
    history.latest(),
  ]);
  const nowMs = clock.nowMs();
  const waits = latest === undefined ? [] : waitsOf(latest, laneOf(runs), nowMs);
  return {
    recordId,
    day,
    state: stateOf(row, runs, waits, contract, nowMs),
    attempts: row?.history ?? [],
    attemptCount: row?.attempts ?? 0,
    maxAttempts: contract.maxAttempts,
    runs,
  };
}

/** The lane in which a record comes first. */
function laneOf(runs: readonly RunOfRecord[]): Lane {
  return runs.some(({ lane, end }) => lane === "express" && end === undefined) ? "express" : "records";
}

function stateOf(
  row: Fetch | undefined,
  runs: readonly RunOfRecord[],
  waits: readonly Wait[],
  { backOff }: Provider,
  nowMs: number,
): RecordState {
  const isWanted = runs.some(({ end }) => end === undefined);
  if (row === undefined) return isWanted ? { kind: "queued", waits } : { kind: "unknown" };
  const { status, leaseUntilMs, claimedAtMs, runId, history, attempts } = row;
  const last = history.at(-1);
  const endedAtMs = last?.endedAtMs ?? claimedAtMs ?? leaseUntilMs;
  switch (status) {
    case "fetched":
      return { kind: "fetched", atMs: endedAtMs, runId };
    case "dead":
      return { kind: "dead", atMs: endedAtMs, cause: last?.cause ?? "" };
    case "fetching":
      return {
        kind: "fetching",
        leaseUntilMs,
        isCutOff: leaseUntilMs < nowMs,
        ...(claimedAtMs !== undefined && { claimedAtMs }),
      };
    case "failed": {
      const againAtMs = endedAtMs + latestBackOffMs(backOff, attempts);
      const backOffWait: readonly Wait[] =
        againAtMs > nowMs ? [{ kind: "back-off", untilMs: againAtMs }] : [];
      return { kind: "waiting", waits: [...backOffWait, ...waits] };
    }
  }
}

function contractUnknown(provider: string): SluiceError {
  return new SluiceError(
    "contract-unknown",
    `The deployment of ${provider} has not told its contract: its waker does, within a minute of being deployed`,
  );
}
