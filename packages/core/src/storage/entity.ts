import { Entity, type Schema } from "electrodb";
import type { Table } from "./table.ts";

type Model = Schema<string, string, string>;

/** ElectroDB's entity for one of our models, which are constants. */
export function createEntity<const M extends Model>(
  model: M,
  table: Table,
): Entity<string, string, string, M> {
  return new UncheckedEntity(model, { client: table.client, table: table.name });
}

/**
 * ElectroDB checks every model with a JSON schema validator: a tenth of a cold start, to find what a test has found. Its
 * types don't tell of the method; should it go away, models are checked again, and nothing else changes.
 */
class UncheckedEntity<M extends Model> extends Entity<string, string, string, M> {
  _validateModel(): void {}
}
