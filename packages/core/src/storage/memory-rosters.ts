import type { ListedRun, Roster, Rosters } from "../ports/rosters.ts";

/** {@link Rosters} in memory, for tests and simulation. */
export function createMemoryRosters(): Rosters {
  const listed = new Map<string, ListedRun>();
  const rosters = new Map<string, Map<number, Roster>>();

  async function* runsWhere(isWanted: (run: ListedRun) => boolean): AsyncIterable<ListedRun> {
    yield* [...listed.values()].filter(isWanted).toSorted(byTime);
  }

  return {
    async list(run) {
      listed.set(run.runId, { ...listed.get(run.runId), ...run });
    },
    runsOfDay: (day) =>
      runsWhere(
        ({ onlyRecordId, createdAtMs }) =>
          onlyRecordId === undefined && new Date(createdAtMs).toISOString().startsWith(day),
      ),
    runsOfRecord: (recordId) => runsWhere(({ onlyRecordId }) => onlyRecordId === recordId),
    async keepRoster(runId, roster) {
      const ofRun = rosters.get(runId) ?? new Map<number, Roster>();
      rosters.set(runId, ofRun.set(roster.fromNumber, roster));
    },
    async *rosters(runId) {
      const ofRun = [...(rosters.get(runId)?.values() ?? [])];
      yield* ofRun.toSorted((one, other) => one.fromNumber - other.fromNumber);
    },
  };
}

function byTime(one: ListedRun, other: ListedRun): number {
  return one.createdAtMs - other.createdAtMs || (one.runId < other.runId ? -1 : 1);
}
