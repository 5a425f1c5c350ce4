/** Kinds of what a run makes, in the order in which they are removed: what others rest on goes last. */
export const RESOURCE_KINDS = ["function", "queue", "table", "role"] as const;

/** A kind of {@link Resource}. A mapping goes with its function. */
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** Something that a run has made, or was about to make. */
export interface Resource {
  readonly kind: ResourceKind;
  readonly name: string;
}

/** Finds and removes what runs have made. */
export interface Remover {
  /** Everything of this kind whose name begins with the prefix and that has the tag of runs. @throws CallFailed */
  find(kind: ResourceKind, prefix: string): Promise<readonly Resource[]>;
  /** Removes a resource with all that hangs on it, and waits until it may be taken for gone. What is gone already is fine. @throws CallFailed */
  remove(resource: Resource): Promise<void>;
}
