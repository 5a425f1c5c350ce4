import { collected } from "../collected.ts";
import type { Rosters } from "../ports/rosters.ts";
import { providerDay } from "../provider/day.ts";
import { type RunStatus, type RunStatusDeps, readRunStatus } from "./run-status.ts";

/** The state of a run, without its records. */
export type RunSummary = Omit<RunStatus, "records">;

/** Runs of a time, the latest first. */
export interface RunList {
  readonly runs: readonly RunSummary[];
  /** Earlier ones that are left out. */
  readonly moreCount: number;
}

/** Everything that runs are listed from. */
export interface RunListDeps extends RunStatusDeps {
  readonly rosters: Pick<Rosters, "runsOfDay">;
  /** IANA name of the provider's time zone. */
  readonly timeZone: string;
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * Lists the runs that began on provider days, such as `2026-11-21`: those of more than one record, because runs of one are
 * as many as records.
 * @param maxCount runs whose state is read, which takes a read or a few each
 * @throws Unreachable, StoredRowInvalid
 */
export async function readRunsOfDays(
  days: readonly string[],
  maxCount: number,
  deps: RunListDeps,
): Promise<RunList> {
  const { rosters, timeZone } = deps;
  const lists = utcDaysOf(days).map((utcDay) => collected(rosters.runsOfDay(utcDay)));
  const listed = (await Promise.all(lists))
    .flat()
    .filter(({ createdAtMs }) => days.includes(providerDay(timeZone, createdAtMs)))
    .toSorted((one, other) => other.createdAtMs - one.createdAtMs);
  const latest = listed.slice(0, maxCount);
  const statuses = await Promise.all(latest.map(({ runId }) => readRunStatus(runId, deps)));
  return {
    runs: statuses.filter((status) => status !== undefined).map(summaryOf),
    moreCount: listed.length - latest.length,
  };
}

/** The state of a run, as a JSON value. */
export function summaryOf({ records: _, ...summary }: RunStatus): RunSummary {
  return summary;
}

/** Runs are kept by their UTC day, and a provider day lies within three of those. */
function utcDaysOf(days: readonly string[]): readonly string[] {
  const around = days.flatMap((day) =>
    [-DAY_MS, 0, DAY_MS].map((offMs) => new Date(Date.parse(day) + offMs).toISOString().slice(0, day.length)),
  );
  return [...new Set(around)];
}
