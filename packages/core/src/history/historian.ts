import { messageOf } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { HistoryStore, Snapshot } from "../ports/history-store.ts";
import type { Log } from "../ports/log.ts";
import type { Provider } from "../provider/provider.ts";

/** Keeps what a provider's waker sees, and the contract that it works by. */
export interface Historian {
  /** Never throws: nothing depends on a minute of the past. */
  note(snapshot: Snapshot): Promise<void>;
  /** The snapshot that this process has noted last; undefined before the first. */
  last(): Snapshot | undefined;
}

/** A contract is stored by each process when it begins, and again after this time: the row may have been deleted. */
const CONTRACT_EVERY_MS = 60 * 60_000;

/** Makes the historian of a process. */
export function createHistorian({
  provider,
  history,
  clock,
  log,
}: {
  readonly provider: Provider;
  readonly history: HistoryStore;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Log;
}): Historian {
  // A worker's own settings are nobody else's business.
  const contract = { ...provider, worker: { ...provider.worker, environment: {} } };
  let contractDueAtMs = 0;
  let last: Snapshot | undefined;

  async function putContractWhenDue(): Promise<void> {
    const nowMs = clock.nowMs();
    if (nowMs < contractDueAtMs) return;
    await history.putContract(contract);
    contractDueAtMs = nowMs + CONTRACT_EVERY_MS;
  }

  return {
    last: () => last,
    async note(snapshot) {
      last = snapshot;
      const results = await Promise.allSettled([history.append(snapshot), putContractWhenDue()]);
      for (const result of results) {
        if (result.status === "fulfilled") continue;
        log.warn("what the waker saw could not be kept", { cause: messageOf(result.reason) });
      }
    },
  };
}
