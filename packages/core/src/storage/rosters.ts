import type { ListedRun, Rosters } from "../ports/rosters.ts";
import { recordKey } from "../records/record-key.ts";
import { createEntity } from "./entity.ts";
import { listPages } from "./pages.ts";
import { LISTED_RUN_MODEL, parseListedRunRow, parseRosterRow, ROSTER_MODEL } from "./roster-entity.ts";
import { runExpirySeconds } from "./run-expiry.ts";
import type { Table } from "./table.ts";
import { reachDynamoDb } from "./unreachable.ts";

/** {@link Rosters} on DynamoDB: a write for each run, and one for each block of a long one. */
export function createRosters(table: Table, provider: string): Rosters {
  const listed = createEntity(LISTED_RUN_MODEL, table);
  const rosters = createEntity(ROSTER_MODEL, table);
  const runsOf = (list: string) =>
    listPages(
      (cursor) => listed.query.byTime({ provider, runsOf: list }).go({ cursor, consistent: true }),
      parseListedRunRow,
    );
  return {
    async list({ roster, ...run }) {
      const time = new Date(run.createdAtMs).toISOString();
      const key = { provider, runsOf: listOf(run, time), time, runKey: recordKey(run.runId) };
      await reachDynamoDb(
        listed
          .update(key)
          .set({
            ...run,
            ...(roster !== undefined && { fingerprints: roster.fingerprints }),
            expiresAtSeconds: runExpirySeconds(run.createdAtMs),
          })
          .go(),
      );
    },
    runsOfDay: (day) => runsOf(`day/${day}`),
    runsOfRecord: (recordId) => runsOf(`record/${recordKey(recordId)}`),
    async keepRoster(runId, { fromNumber, fingerprints }, nowMs) {
      const key = { provider, runKey: recordKey(runId), fromNumber };
      await reachDynamoDb(
        rosters
          .update(key)
          .set({ fingerprints, expiresAtSeconds: runExpirySeconds(nowMs) })
          .go(),
      );
    },
    rosters: (runId) =>
      listPages(
        (cursor) => rosters.query.byRun({ provider, runKey: recordKey(runId) }).go({ cursor }),
        parseRosterRow,
      ),
  };
}

function listOf({ onlyRecordId }: ListedRun, time: string): string {
  return onlyRecordId === undefined
    ? `day/${time.slice(0, "2026-11-21".length)}`
    : `record/${recordKey(onlyRecordId)}`;
}
