import type { Entity } from "electrodb";

/** The one table, and the client that reaches it; ElectroDB takes DynamoDB clients of the AWS SDK v3. */
export interface Table {
  readonly client: NonNullable<NonNullable<ConstructorParameters<typeof Entity>[1]>["client"]>;
  readonly name: string;
}
