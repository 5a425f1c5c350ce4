import { RESOURCE_KINDS, type Resource } from "../ports/resource.ts";

/** Everything that a run has made or was about to make. */
export interface Ledger {
  /** To be called before something is made: a call whose answer is lost may have made it all the same. */
  add(resource: Resource): void;
  /** In the order in which they are to be removed. */
  all(): readonly Resource[];
}

/** Starts empty. */
export function createLedger(): Ledger {
  const resources: Resource[] = [];
  return {
    add: (resource) => void resources.push(resource),
    all: () => inOrder(resources),
  };
}

/** The order of removal. */
export function inOrder(resources: readonly Resource[]): readonly Resource[] {
  return RESOURCE_KINDS.flatMap((kind) => resources.filter((resource) => resource.kind === kind));
}
