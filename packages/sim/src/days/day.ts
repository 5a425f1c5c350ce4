import { byLane, LANES, type Lane, type Provider, parseProvider } from "@sluice/core/provider";
import { createVirtualTable } from "../cloud/dynamodb/index.ts";
import { fateOf } from "../provider-simulator/record-fate.ts";
import { createVirtualClock } from "../virtual-time/virtual-clock.ts";
import { streamOf } from "../world/streams.ts";
import type { DatedEvent, DayEvent } from "./day-event.ts";
import { createDayFunctions, type DayFunctions } from "./day-functions.ts";
import { createDayMappings, deployMapping, QUEUE_ARNS } from "./day-mappings.ts";
import type { DayParts } from "./day-parts.ts";
import { createDayQueues } from "./day-queues.ts";
import { createDaySite } from "./day-site.ts";
import { createDeeds } from "./deeds.ts";
import { createFaultsInForce } from "./faults-in-force.ts";
import { startFeed } from "./feed.ts";
import { createJudge } from "./judge.ts";
import { calmFromMs, drainingMs, loadedFromMs, RECOVERY_MS } from "./recovery.ts";
import type { Violation } from "./rules/index.ts";
import type { Fault, Story } from "./story.ts";
import { startWakerSchedule } from "./waker-schedule.ts";
import { createTableWatch } from "./watch-table.ts";
import { scenarioOf } from "./weather.ts";

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

/** Options of a run. */
export interface DayOptions {
  /** Called for everything that happens, in order. */
  onEvent?(event: DatedEvent): void;
  /** Ends the day at the first breach. */
  readonly stopsAtBreach?: boolean;
}

/** A queue that is still being emptied is looked at again after this time. */
const LOOK_EVERY_MS = 5_000;

/** Runs a story to its end: to the recovery from its last fault, and until the healthy records are done or overdue. */
export async function runDay(story: Story, options: DayOptions = {}): Promise<DayReport> {
  const startMs = Date.parse(story.startsAt);
  const clock = createVirtualClock(startMs);
  const day = createDay(story, clock, startMs, options);
  const { parts, judge, counts } = day;

  await clock.run(startMs + calmFromMs(story));
  const calmMs = Math.max(clock.nowMs(), counts.heldUntilMs);
  await clock.run(Math.max(calmMs + RECOVERY_MS, startMs + loadedFromMs(story)));
  if (!day.isStopped()) await drain(day, story);
  const { queues } = parts;
  judge.atEnd({
    atMs: clock.nowMs(),
    queued: new Set(queues.queued()),
    lettered: new Set(queues.lettered()),
  });
  return {
    violations: judge.violations,
    elapsedMs: clock.nowMs() - startMs,
    recordCount: counts.accepted.size,
    requestCount: counts.requestCount,
    receiveCount: counts.receiveCount,
    struck: parts.faults.counts(),
  };
}

type Day = ReturnType<typeof createDay>;

/** Waits until the healthy records are done, or until they should be. */
async function drain({ parts, isHealthy, isStopped }: Day, story: Story): Promise<void> {
  const { clock, queues, emit, provider } = parts;
  const left = () => [...new Set(queues.queued())].filter(isHealthy);
  const queued = left();
  emit({ kind: "recovered", queuedCount: queued.length });
  const overdueMs = clock.nowMs() + drainingMs(story, provider(), queued.length);
  let remaining = queued;
  while (remaining.length > 0 && clock.nowMs() < overdueMs && !isStopped()) {
    await clock.run(Math.min(overdueMs, clock.nowMs() + LOOK_EVERY_MS));
    remaining = left();
  }
  if (remaining.length > 0 && !isStopped()) emit({ kind: "overdue", left: remaining });
}

function createDay(
  story: Story,
  clock: ReturnType<typeof createVirtualClock>,
  startMs: number,
  { onEvent, stopsAtBreach = false }: DayOptions,
) {
  const { provider: simulated } = scenarioOf(story);
  const fate = (recordId: string) => fateOf(simulated, story.seed, recordId);
  let isStopped = false;
  const judge = createJudge(
    { story, startMs, isBad: (id) => fate(id) !== "healthy", isUnknown: (id) => fate(id) === "unknown" },
    () => {
      if (!stopsAtBreach) return;
      isStopped = true;
      clock.stop();
    },
  );
  const counts = { accepted: new Set<string>(), requestCount: 0, receiveCount: 0, heldUntilMs: 0 };

  function emit(event: DayEvent): void {
    const dated = { ...event, atMs: clock.nowMs() } as DatedEvent;
    if (event.kind === "accepted") for (const recordId of event.recordIds) counts.accepted.add(recordId);
    if (event.kind === "started") counts.requestCount += 1;
    if (event.kind === "received") counts.receiveCount += 1;
    if (event.kind === "hold") counts.heldUntilMs = Math.max(counts.heldUntilMs, event.untilMs);
    onEvent?.(dated);
    judge.see(dated);
  }

  const parts = createDayParts(story, clock, startMs, emit);
  return {
    parts,
    judge,
    counts,
    isHealthy: (id: string) => fate(id) === "healthy",
    isStopped: () => isStopped,
  };
}

function createDayParts(
  story: Story,
  clock: ReturnType<typeof createVirtualClock>,
  startMs: number,
  emit: (event: DayEvent) => void,
): DayParts {
  let provider: Provider = parseProvider(story.contract, "of the story");
  const faults = createFaultsInForce(story, clock, startMs);
  const queues = createDayQueues({ story, clock, faults, emit });
  const mappings = createDayMappings({
    seed: story.seed,
    clock,
    faults,
    mappingQueues: queues.mappingQueues,
    ventilatorTimeoutMs: () => provider.ventilator.timeoutMs,
    invoke: (lane: Lane, event) => functions.ventilate(event, (deps) => deps.queues[lane]),
  });
  const parts: DayParts = {
    story,
    clock,
    startMs,
    faults,
    emit,
    site: createDaySite(story, clock, startMs, emit),
    table: createVirtualTable(),
    watchTable: createTableWatch(emit),
    queues,
    mappings,
    queueArns: byLane((lane) => QUEUE_ARNS[lane]),
    provider: () => provider,
  };
  const functions: DayFunctions = createDayFunctions(parts);
  const deed = createDeeds({
    clock,
    mappings,
    contract: story.contract,
    deploy(next) {
      provider = next;
      functions.renew();
      emit({ kind: "deployed", provider: next });
    },
    redrive: queues.redrive,
    deleteState: () => deleteState(parts),
  });
  for (const what of [...story.faults, ...story.weather]) {
    clock.at(startMs + what.fromMinute * 60_000, () => {
      emit({ kind: "begins", what });
      if ("service" in what || !isSpell(what)) deed(what as Fault);
    });
    if (what.untilMinute > what.fromMinute) {
      clock.at(startMs + what.untilMinute * 60_000, () => emit({ kind: "ends", what }));
    }
  }
  for (const lane of LANES) void deployMapping(mappings, lane);
  startFeed(parts);
  startWakerSchedule(parts, functions, startMs + streamOf(story.seed, "waker").next() * 60_000);
  return parts;
}

function isSpell(what: Story["faults"][number] | Story["weather"][number]): boolean {
  return what.kind === "capacity" || what.kind === "faults" || what.kind === "slow";
}

/** Deletes the row that holds the breaker's state. */
function deleteState({ table }: DayParts): void {
  for (const item of table.items()) {
    if (item.__edb_e__ === "breaker" && item.part === "law")
      table.remove({ pk: String(item.pk), sk: String(item.sk) });
  }
}
