import type { PastFault } from "../ports/fetch-store.ts";
import { providerDay } from "../provider/day.ts";
import { faultsIn } from "../storage/fetch.ts";
import type { Task } from "./batch.ts";
import type { VentilatorDeps } from "./deps.ts";

const DAY_MS = 24 * 60 * 60_000;

/** The provider days on which a message may have been started: today, and the day before if it is that old. */
export function daysOf(
  { received: { sentAtMs } }: Pick<Task, "received">,
  { provider, clock }: Pick<VentilatorDeps, "provider" | "clock">,
): readonly string[] {
  const nowMs = clock.nowMs();
  const days = [nowMs, Math.max(sentAtMs ?? nowMs, nowMs - DAY_MS)];
  return [...new Set(days.map((atMs) => providerDay(provider.timeZone, atMs)))];
}

/**
 * The faults that a record had on the provider day before, oldest first; none if its message is younger. On a new day its row
 * says nothing, while what failed on the one before is what the queue has in front: to nobody's knowledge a hundred bad
 * records look like an outage then.
 * @throws Unreachable, StoredRowInvalid
 */
export async function faultsOfDayBefore(
  task: Pick<Task, "received" | "message">,
  deps: Pick<VentilatorDeps, "provider" | "clock" | "fetches">,
): Promise<readonly PastFault[]> {
  const [, dayBefore] = daysOf(task, deps);
  if (dayBefore === undefined) return [];
  const { recordId } = task.message;
  const row = await deps.fetches.get({ provider: deps.provider.id, day: dayBefore, recordId });
  return row === undefined ? [] : faultsIn(row.history);
}
