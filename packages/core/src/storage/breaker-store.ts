import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";
import type { BreakerStore } from "../ports/breaker-store.ts";
import { BREAKER_MODEL } from "./breaker-entity.ts";
import { createEntity } from "./entity.ts";
import { jsonTextSchema } from "./json-text.ts";
import type { Table } from "./table.ts";
import { orUnreachable } from "./unreachable.ts";

const LAW = "law";
const valvePart = (queue: string): string => `valve/${queue}`;

/** {@link BreakerStore} on DynamoDB: one item for the law's state, and one for each valve. */
export function createBreakerStore(table: Table, provider: string): BreakerStore {
  const entity = createEntity(BREAKER_MODEL, table);

  async function read(part: string): Promise<BreakerRow | undefined> {
    const { data } = await reach(entity.get({ provider, part }).go({ consistent: true }));
    return data === null ? undefined : parseBreakerRow(data);
  }

  async function commit(part: string, value: unknown, ifVersion: number): Promise<"committed" | "conflict"> {
    const answer = await reach(
      entity
        .update({ provider, part })
        .set({ version: ifVersion + 1, json: JSON.stringify(value) })
        .where(({ version }, { eq, notExists }) =>
          ifVersion === 0 ? notExists(version) : eq(version, ifVersion),
        )
        .go({ returnOnConditionCheckFailure: true }),
    );
    return answer.rejected ? "conflict" : "committed";
  }

  return {
    async read() {
      const row = await read(LAW);
      return row && { version: row.version, state: row.json };
    },
    commit: (state, ifVersion) => commit(LAW, state, ifVersion),
    async readValve(queue) {
      const row = await read(valvePart(queue));
      return row && { version: row.version, notes: row.json };
    },
    commitValve: (queue, notes, ifVersion) => commit(valvePart(queue), notes, ifVersion),
  };
}

interface BreakerRow {
  readonly version: number;
  readonly json: unknown;
}

const rowSchema: z.ZodType<BreakerRow> = z.object({ version: z.int().min(1), json: jsonTextSchema });

function parseBreakerRow(row: unknown): BreakerRow {
  const parsed = rowSchema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new StoredRowInvalid(JSON.stringify(row), z.prettifyError(parsed.error));
}

function reach<T>(call: Promise<T>): Promise<T> {
  return orUnreachable("DynamoDB", call);
}
