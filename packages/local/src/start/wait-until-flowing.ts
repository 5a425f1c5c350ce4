import { setTimeout as sleep } from "node:timers/promises";
import type { Mappings } from "@sluice/sim/event-source-mapping/mappings";

const LOOK_EVERY_MS = 100;

/** Waits until every event source mapping has been created: one that is slow must not sleep through a short storm. */
export async function waitUntilFlowing(mappings: Pick<Mappings, "list">, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && mappings.list().some(({ state }) => state !== "Enabled")) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
