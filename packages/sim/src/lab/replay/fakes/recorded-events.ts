import { sluiceLaw } from "@sluice/core/law";
import { WAKE_EVERY_MS } from "@sluice/core/waker";
import type { Scenario } from "../../../provider-simulator/scenario.ts";
import { createWorld } from "../../../world/world.ts";

/** The instant at which the worlds of the lab begin. */
export const WORLD_START_MS: number = Date.UTC(2026, 0, 5);

/** The events that Sluice's law leaves behind in a scenario, as a list of plain JSON. */
export async function recordedEvents(scenario: Scenario, seed: number): Promise<readonly object[]> {
  const setup = {
    name: sluiceLaw.name,
    law: sluiceLaw,
    seesEachReport: false,
    groups: "per-record" as const,
    wakeEveryMs: WAKE_EVERY_MS,
  };
  const world = createWorld({ scenario, setup, seed });
  await world.run(scenario.durationMinutes * 60_000);
  return world.report().events.map(({ atMs, kind, summary, decision }, at) => ({
    id: `event-${at}`,
    atMs: WORLD_START_MS + atMs,
    kind,
    summary,
    details: decision ?? {},
  }));
}
