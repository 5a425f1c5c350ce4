import { providerDay } from "@sluice/core/provider";
import { calendarOf, instantAfterOpenMs } from "@sluice/core/steering";
import { quotaDayAt } from "@sluice/core/steering/quotas";
import { createDay, type Day, type DayOptions } from "./create-day.ts";
import { type Backlog, calmFromMs, drainingMs, loadedFromMs, RECOVERY_MS, settlingMs } from "./recovery.ts";
import type { Violation } from "./rules/rule.ts";
import type { Fault, Story } from "./story.ts";

/** A day that was run, and how it went. */
export interface DayReport {
  readonly violations: readonly Violation[];
  readonly elapsedMs: number;
  /** Distinct records that were accepted. */
  readonly recordCount: number;
  readonly requestCount: number;
  readonly receiveCount: number;
  /** Calls, batches and environments that faults have struck, by the kind of fault. */
  readonly struck: Readonly<Partial<Record<Fault["kind"], number>>>;
}

/** A queue that is still being emptied is looked at again after this time. */
const LOOK_EVERY_MS = 5_000;

/** An order lasts for at most so long after the last fault: its operator ends it at once when he can. */
const ORDERED_MAX_MS = 2 * 60 * 60_000;

/** A fragile provider that is not well in this time is kept down by those who call it. */
const FRAGILE_MAX_MS = 60 * 60_000;

/**
 * Runs a story to its end: to the recovery from its last fault, and until the healthy records are done or overdue, and
 * then those that the provider does not know.
 */
export async function runDay(story: Story, options: DayOptions = {}): Promise<DayReport> {
  const day = createDay(story, options);
  const { parts, judge, counts } = day;
  const { clock, queues, startMs } = parts;

  await clock.run(startMs + calmFromMs(story));
  if (!day.isStopped()) await stayUntilUnsteered(day);
  if (!day.isStopped()) {
    const calmMs = Math.max(clock.nowMs(), counts.heldUntilMs);
    await clock.run(Math.max(afterOpen(story, calmMs, RECOVERY_MS), startMs + loadedFromMs(story)));
    if (story.nature.fragile !== null) await stayUntilWell(day);
    await stayUntilReset(day);
  }
  if (!day.isStopped()) await drain(day, story);
  if (!day.isStopped()) await settle(day, story);
  const [queued, lettered] = [new Set(queues.queued()), new Set(queues.lettered())];
  judge.atEnd({ atMs: clock.nowMs(), queued, lettered });
  return {
    violations: judge.violations,
    elapsedMs: clock.nowMs() - startMs,
    recordCount: counts.accepted.size,
    requestCount: counts.requestCount,
    receiveCount: counts.receiveCount,
    struck: parts.faults.counts(),
  };
}

/** Time after each closing in which the flow comes back: the valve may be turned a minute late, and calls are long. */
const REOPENING_MS = 5 * 60_000;

/** The instant by which a provider has been open for so long; a closing on the way costs a little more. */
function afterOpen({ contract }: Story, sinceMs: number, openMs: number): number {
  if (contract.windows === undefined) return sinceMs + openMs;
  const calendar = calendarOf(contract.windows, contract.timeZone ?? "UTC");
  const plainMs = instantAfterOpenMs(calendar, sinceMs, openMs) ?? sinceMs + openMs;
  const isInterrupted = plainMs > sinceMs + openMs;
  return isInterrupted ? (instantAfterOpenMs(calendar, sinceMs, openMs + REOPENING_MS) ?? plainMs) : plainMs;
}

function backlogOf(recordIds: readonly string[], isHealthy: Day["isHealthy"]): Backlog {
  const healthyCount = recordIds.filter(isHealthy).length;
  return { healthyCount, hopelessCount: recordIds.length - healthyCount };
}

/** Waits until no order of an operator's is in force any more. */
async function stayUntilUnsteered({ parts: { clock }, counts, isStopped }: Day): Promise<void> {
  const untilMs = clock.nowMs() + ORDERED_MAX_MS;
  while (clock.nowMs() < Math.min(untilMs, counts.orderedUntilMs) && !isStopped()) {
    await clock.run(Math.min(counts.orderedUntilMs, clock.nowMs() + LOOK_EVERY_MS));
  }
}

/** Waits until a fragile provider, which a start too many takes down again, has been well for as long as any other. */
async function stayUntilWell({ parts, isStopped }: Day): Promise<void> {
  const { clock, site } = parts;
  const untilMs = clock.nowMs() + FRAGILE_MAX_MS;
  let wellSinceMs = site.isWell() ? clock.nowMs() - RECOVERY_MS : undefined;
  while (clock.nowMs() < untilMs && !isStopped()) {
    if (!site.isWell()) wellSinceMs = undefined;
    else wellSinceMs ??= clock.nowMs();
    if (wellSinceMs !== undefined && clock.nowMs() - wellSinceMs >= RECOVERY_MS) return;
    await clock.run(clock.nowMs() + LOOK_EVERY_MS);
  }
}

/** Waits for the reset of a day's quota that is used up: nothing can recover before, and the breaker has its time then. */
async function stayUntilReset({ parts, isStopped }: Day): Promise<void> {
  const resetsAtMs = resetAwaitedAtMs(parts);
  if (resetsAtMs !== undefined && !isStopped()) await parts.clock.run(resetsAtMs + RECOVERY_MS);
}

/** The reset of a day's quota whose part for the bulk is used up; undefined if there is none. */
function resetAwaitedAtMs({ clock, provider, table }: Day["parts"]): number | undefined {
  const { quotas = [], timeZone } = provider();
  const daily = quotas.find((quota) => quota.per === "day");
  if (daily === undefined) return undefined;
  const { name, endsAtMs } = quotaDayAt(timeZone, daily, clock.nowMs());
  const isUsedUp = [...table.items()].some(
    ({ __edb_e__: entity, day, usedCount }) =>
      entity === "quota" && day === name && Number(usedCount) >= daily.requests * (1 - daily.reserve) - 1,
  );
  return isUsedUp ? endsAtMs : undefined;
}

/** Waits until the healthy records are done, or until they should be. */
async function drain({ parts, refused, isHealthy, isStopped }: Day, story: Story): Promise<void> {
  const { clock, queues, emit, provider } = parts;
  const left = () => [...new Set(queues.queued())].filter(isHealthy);
  const queued = left();
  emit({ kind: "recovered", queued });
  const nowMs = clock.nowMs();
  const dayAt = (atMs: number) => providerDay(provider().timeZone, atMs);
  const overdueFor = (ids: readonly string[]) =>
    afterOpen(story, nowMs, drainingMs(story, provider(), backlogOf(ids, isHealthy), refused.list(), nowMs));
  const overdueTodayMs = overdueFor([...new Set(queues.queued())]);
  // What two runs ask for is fetched once a day, and once more by the messages that are left after midnight.
  const overdueMs = dayAt(overdueTodayMs) === dayAt(nowMs) ? overdueTodayMs : overdueFor(queues.queued());
  let remaining = queued;
  while (remaining.length > 0 && clock.nowMs() < overdueMs && !isStopped()) {
    await clock.run(Math.min(overdueMs, clock.nowMs() + LOOK_EVERY_MS));
    remaining = left();
  }
  if (remaining.length > 0 && !isStopped()) emit({ kind: "overdue", left: remaining });
}

/** Waits until the records are dead that the provider does not know, or until they should be: they are asked more than once. */
async function settle({ parts, isUnknown, isStopped }: Day, story: Story): Promise<void> {
  const { clock, queues, emit, provider } = parts;
  const left = () => [...new Set(queues.queued())].filter(isUnknown);
  const startedAtMs = clock.nowMs();
  const overdueMs = afterOpen(story, startedAtMs, settlingMs(provider(), left().length));
  while (left().length > 0 && clock.nowMs() < overdueMs && !isStopped()) {
    await clock.run(clock.nowMs() + LOOK_EVERY_MS);
  }
  const [began, ended] = [startedAtMs, overdueMs].map((ms) => providerDay(provider().timeZone, ms));
  // On a new day they are asked anew, and not before a quota that is used up resets.
  if (began === ended && resetAwaitedAtMs(parts) === undefined && left().length > 0 && !isStopped())
    emit({ kind: "unsettled", left: left() });
}
