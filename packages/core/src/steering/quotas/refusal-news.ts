import { messageOf } from "../../errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Log } from "../../ports/log.ts";
import type { QuotaStore } from "../../ports/quota-store.ts";
import { providerDay } from "../../provider/day.ts";
import type { Provider } from "../../provider/provider.ts";

/** The parts that the news works with. */
export interface RefusalNewsDeps {
  readonly provider: Provider;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

const REFUSED =
  "the provider refuses calls although its quotas have room by Sluice's count: its own count, or its quotas, may differ";

/**
 * Makes what says, once a provider day, that the provider refuses calls which its quotas allow. It never throws: the
 * breaker has the news in any case.
 */
export function createRefusalNews(
  store: Pick<QuotaStore, "markTold">,
  { provider, events, clock, ids, log }: RefusalNewsDeps,
): () => Promise<void> {
  let toldDay = "";

  return async () => {
    const atMs = clock.nowMs();
    const day = providerDay(provider.timeZone, atMs);
    if (day === toldDay) return;
    toldDay = day;
    try {
      if (!(await store.markTold(day))) return;
      log.warn(REFUSED);
      const details = { quotas: provider.quotas };
      await events.append({ id: ids.next(), atMs, kind: "quota", summary: REFUSED, details });
    } catch (thrown) {
      log.warn("an event could not be stored", { summary: REFUSED, cause: messageOf(thrown) });
    }
  };
}
