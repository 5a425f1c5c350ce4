import { Entity, type Schema } from "electrodb";
import type { Table } from "./table.ts";

type Model = Schema<string, string, string>;

/** ElectroDB's entity on the table, for a constant model: tests check it, rather than each start. */
export function createEntity<const M extends Model>(
  model: M,
  table: Table,
): Entity<string, string, string, M> {
  return new UncheckedEntity(model, { client: table.client, table: table.name });
}

/**
 * An entity whose model is not checked. ElectroDB checks models with a JSON schema validator, which takes a
 * tenth of a cold start. The method is not in ElectroDB's types: if it goes away, models are checked again,
 * and nothing else changes.
 */
class UncheckedEntity<M extends Model> extends Entity<string, string, string, M> {
  _validateModel(): void {}
}
