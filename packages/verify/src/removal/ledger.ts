import type { Resource } from "../ports/resource.ts";

/** Everything that a run has made or was about to make. */
export interface Ledger {
  /** To be called before something is made: a call whose answer is lost may have made it all the same. */
  add(resource: Resource): void;
  all(): readonly Resource[];
}

/** Starts empty. */
export function createLedger(): Ledger {
  const resources: Resource[] = [];
  return {
    add: (resource) => void resources.push(resource),
    all: () => resources,
  };
}
