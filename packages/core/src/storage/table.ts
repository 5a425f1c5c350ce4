import type { Entity } from "electrodb";

/** A client of the AWS SDK v3, as ElectroDB takes it. */
type Client = NonNullable<NonNullable<ConstructorParameters<typeof Entity>[1]>["client"]>;

/** The one table, and clients that reach it. */
export interface Table {
  /** Repeats what fails or does not answer. */
  readonly client: Client;
  /** Sends each request once, for writes that must not happen twice; by default `client`. */
  readonly onceClient?: Client;
  readonly name: string;
}
