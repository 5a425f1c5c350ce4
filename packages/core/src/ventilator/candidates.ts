import type { Fetch } from "../ports/fetch-store.ts";
import { faultsIn } from "../storage/fetch.ts";
import type { Task } from "./batch.ts";
import { faultsOfDayBefore } from "./day-before.ts";
import type { VentilatorDeps } from "./deps.ts";
import { fetchKeyOf } from "./fetch-record.ts";
import { endWithoutStart } from "./no-start.ts";
import { isToBlame, ownFaultCount } from "./vote.ts";

/**
 * The order in which records are asked in a probe, by what their end would say of the provider: `fresh`, without a
 * fault today; `hit`, failed without a success of anybody's since, as in an outage; `doubtful`, failed while others
 * succeeded, on the day before if not today, or its probe was cut off; `asked`, has been the probe since the last success, so that it is others' turn;
 * `rejected`, started since then and was rejected today: where all seems to be, it would show nothing new; `to-blame`,
 * failed twice at an open gate while others succeeded or has no attempt left; `idle`, needs no call now.
 */
export const STANDINGS = ["fresh", "hit", "doubtful", "asked", "rejected", "to-blame", "idle"] as const;

/** One of {@link STANDINGS}. */
export type Standing = (typeof STANDINGS)[number];

/** A record that a probe might ask. */
export interface Candidate {
  /** It is free, unless too many free starts of the record have been cut off. */
  readonly task: Task;
  readonly standing: Standing;
  /** The instant of its last claim; 0 if there is none. Of two that stand alike the earlier one comes first. */
  readonly claimedAtMs: number;
}

/**
 * Free starts of a record without an answer from which on it is charged: an outage may cut off a few of a healthy one,
 * while one that crashes its worker each time would be asked for ever.
 */
const FREE_STARTS_MAX = 5;

/**
 * Looks at the rows of the records that a probe might ask, and names them in that order.
 * @param lastOkAtMs the instant of the provider's last success
 * @throws Unreachable, StoredRowInvalid
 */
export async function rankCandidates(
  tasks: readonly Task[],
  lastOkAtMs: number,
  deps: VentilatorDeps,
): Promise<readonly Candidate[]> {
  const candidates = await Promise.all(
    tasks.map(async (task) => {
      const row = await deps.fetches.get(fetchKeyOf(task.message.recordId, deps));
      const isFree = (row?.freeStarts ?? 0) < FREE_STARTS_MAX;
      const asked = { ...task, isProbe: true, ...(isFree && { isFree }) } as const;
      const isWanted = (await endWithoutStart(task, deps)) === undefined;
      const standing = isWanted ? await standingOf(task, row, lastOkAtMs, deps) : "idle";
      return { task: asked, standing, claimedAtMs: row?.claimedAtMs ?? 0 };
    }),
  );
  return inTurn(candidates);
}

/** Candidates in the order in which they are to be asked. */
export function inTurn<C extends Pick<Candidate, "standing" | "claimedAtMs">>(candidates: readonly C[]): C[] {
  return candidates.toSorted(
    (one, other) => rankOf(one) - rankOf(other) || one.claimedAtMs - other.claimedAtMs,
  );
}

/** The place of a candidate in the order, from 0. */
export function rankOf({ standing }: Pick<Candidate, "standing">): number {
  return STANDINGS.indexOf(standing);
}

async function standingOf(
  task: Task,
  row: Fetch | undefined,
  lastOkAtMs: number,
  deps: VentilatorDeps,
): Promise<Standing> {
  const { provider, clock } = deps;
  if (row === undefined) {
    return ownFaultCount(await faultsOfDayBefore(task, deps), lastOkAtMs) > 0 ? "doubtful" : "fresh";
  }
  if (row.status === "fetched" || row.status === "dead") return "idle";
  if (row.status === "fetching" && row.leaseUntilMs >= clock.nowMs()) return "idle";
  const faults = faultsIn(row.history);
  if (row.attempts >= provider.maxAttempts || isToBlame(faults, lastOkAtMs)) return "to-blame";
  const hasBeenAsked = (row.claimedAtMs ?? 0) > lastOkAtMs;
  if (hasBeenAsked && row.history.some(({ outcome }) => outcome === "rejected")) return "rejected";
  if (row.isFree && hasBeenAsked) return "asked";
  if (ownFaultCount(faults, lastOkAtMs) > 0 || (row.freeStarts ?? 0) > 0) return "doubtful";
  return faults.length > 0 ? "hit" : "fresh";
}
