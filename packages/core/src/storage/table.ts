import type { Entity } from "electrodb";

/** The one table, and a client of the AWS SDK v3 that reaches it, as ElectroDB takes it. */
export interface Table {
  readonly client: NonNullable<NonNullable<ConstructorParameters<typeof Entity>[1]>["client"]>;
  readonly name: string;
}
