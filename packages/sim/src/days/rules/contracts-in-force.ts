/** Time for which a deploy's earlier version may still be in force: its environments end within it. */
const OLD_VERSION_MS = 20 * 60_000;

/** The contracts of a day that may be in force, as far as one rule has to do with them. */
export interface ContractsInForce<Terms> {
  /** Takes note of a deploy. */
  deploy(terms: Terms, atMs: number): void;
  /** The latest one, and those that deploys have replaced so lately that environments with them may live; the latest first. */
  at(nowMs: number): readonly [Terms, ...Terms[]];
  /** All that there ever were. */
  all(): readonly Terms[];
}

/** Begins with the contract of a story. */
export function createContractsInForce<Terms>(first: Terms): ContractsInForce<Terms> {
  let latest = first;
  const replaced: { readonly terms: Terms; readonly atMs: number }[] = [];
  return {
    deploy(terms, atMs) {
      replaced.unshift({ terms: latest, atMs });
      latest = terms;
    },
    at: (nowMs) => [
      latest,
      ...replaced.filter(({ atMs }) => nowMs - atMs <= OLD_VERSION_MS).map(({ terms }) => terms),
    ],
    all: () => [latest, ...replaced.map(({ terms }) => terms)],
  };
}
