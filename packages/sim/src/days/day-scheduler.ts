import { createScheduler, type Scheduler } from "@sluice/core/scheduler";
import { createSchedulerStores } from "@sluice/core/storage";
import { createLifeline } from "../world/lifeline.ts";
import { streamOf } from "../world/streams.ts";
import type { DayParts } from "./day-parts.ts";
import { createEnvironmentCalls } from "./environment-calls.ts";
import { idIn } from "./environment-name.ts";
import { queuesFor, tableFor } from "./wire-environment.ts";

/** Makes a scheduler of a day, the production one, in a process of this name. */
export function daySchedulerOf(parts: DayParts, name: string): Scheduler {
  const { clock, story, provider } = parts;
  const random = streamOf(story.seed, name);
  const lifeline = createLifeline(clock, 0);
  const calls = createEnvironmentCalls({ ...parts, random, role: "scheduler", lifeline, crash: () => {} });
  const { queues } = queuesFor(parts, calls);
  let count = 0;
  const next = () => {
    count += 1;
    return idIn(name, count);
  };
  const stores = createSchedulerStores(tableFor(parts, calls), provider().id, lifeline.clock.nowMs);
  return createScheduler(provider(), { ...stores, queues, clock: lifeline.clock, ids: { next }, random });
}
