import type { BreakerStore } from "../ports/breaker-store.ts";
import type { Lane } from "../provider/lane.ts";
import { BREAKER_MODEL, type BreakerRow, parseBreakerRow } from "./breaker-entity.ts";
import { createEntity } from "./entity.ts";
import type { Table } from "./table.ts";
import { reachDynamoDb } from "./unreachable.ts";

const LAW = "law";
const valvePart = (lane: Lane): string => `valve/${lane}`;

/** {@link BreakerStore} on DynamoDB: one item for the law's state, and one for each valve. */
export function createBreakerStore(table: Table, provider: string): BreakerStore {
  const entity = createEntity(BREAKER_MODEL, table);

  async function read(part: string): Promise<BreakerRow | undefined> {
    const { data } = await reachDynamoDb(entity.get({ provider, part }).go({ consistent: true }));
    return data === null ? undefined : parseBreakerRow(data);
  }

  async function commit(part: string, value: unknown, ifVersion: number): Promise<"committed" | "conflict"> {
    const write = await reachDynamoDb(
      entity
        .update({ provider, part })
        .set({ version: ifVersion + 1, json: JSON.stringify(value) })
        .where(({ version }, { eq, notExists }) =>
          ifVersion === 0 ? notExists(version) : eq(version, ifVersion),
        )
        .go({ returnOnConditionCheckFailure: true }),
    );
    return write.rejected ? "conflict" : "committed";
  }

  return {
    async read() {
      const row = await read(LAW);
      return row && { version: row.version, memory: row.json };
    },
    commit: (memory, ifVersion) => commit(LAW, memory, ifVersion),
    async readValve(lane) {
      const row = await read(valvePart(lane));
      return row && { version: row.version, notes: row.json };
    },
    commitValve: (lane, notes, ifVersion) => commit(valvePart(lane), notes, ifVersion),
  };
}
