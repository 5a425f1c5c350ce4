import type { HistoryStore, Snapshot } from "../ports/history-store.ts";
import type { Provider } from "../provider/provider.ts";

/** {@link HistoryStore} in memory, for tests and simulation. */
export function createMemoryHistoryStore(): HistoryStore {
  const snapshots = new Map<number, Snapshot>();
  let contract: Provider | undefined;
  const inOrder = () => [...snapshots.values()].toSorted((one, other) => one.atMs - other.atMs);
  const between = (sinceMs: number, untilMs: number) =>
    inOrder().filter(({ atMs }) => sinceMs <= atMs && atMs <= untilMs);
  return {
    async append(snapshot) {
      snapshots.set(snapshot.atMs, snapshot);
    },
    async *list(sinceMs, untilMs) {
      yield* between(sinceMs, untilMs);
    },
    first: async (sinceMs, untilMs) => between(sinceMs, untilMs)[0],
    latest: async () => inOrder().at(-1),
    async putContract(given) {
      contract = given;
    },
    contract: async () => contract,
  };
}
