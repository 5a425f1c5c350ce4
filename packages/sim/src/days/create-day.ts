import { LANES, type Lane, type Provider, parseProvider } from "@sluice/core/provider";
import { createVirtualTable } from "../cloud/dynamodb/virtual-table.ts";
import { fateOf, type RecordFate } from "../provider-simulator/record-fate.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-time/virtual-clock.ts";
import { streamOf } from "../world/streams.ts";
import type { DatedEvent, DayEvent } from "./day-event.ts";
import { createDayFunctions, type DayFunctions } from "./day-functions.ts";
import { createDayMappings } from "./day-mappings.ts";
import type { DayParts } from "./day-parts.ts";
import { createDayQueues } from "./day-queues.ts";
import { createDaySite } from "./day-site.ts";
import { createDeeds } from "./deeds.ts";
import { createFaultsInForce } from "./faults-in-force.ts";
import { startFeed } from "./feed.ts";
import { createJudge, type Judge } from "./judge.ts";
import { createOperators } from "./operators.ts";
import { createRefusedLevels, type RefusedLevels } from "./refused-levels.ts";
import type { Fault, Spell, Story } from "./story.ts";
import { startWakerSchedule } from "./waker-schedule.ts";
import { createTableWatch } from "./watch-table.ts";
import { scenarioOf } from "./weather.ts";

/** Options of a day. */
export interface DayOptions {
  /** Called for everything that happens, in order. */
  onEvent?(event: DatedEvent): void;
  /** Ends the day at the first breach. */
  readonly stopsAtBreach?: boolean;
  /** Lanes that have a mapping; left out: all. */
  readonly lanes?: readonly Lane[];
}

/** A day at its start. */
export interface Day {
  readonly parts: DayParts;
  readonly judge: Judge;
  readonly counts: Readonly<DayCounts>;
  /** The levels that the provider has refused with a wait. */
  readonly refused: RefusedLevels;
  isHealthy(recordId: string): boolean;
  isUnknown(recordId: string): boolean;
  /** A breach has ended it. */
  isStopped(): boolean;
}

/** Counts of a day so far. */
export interface DayCounts {
  readonly accepted: Set<string>;
  requestCount: number;
  receiveCount: number;
  /** The end of the last hold on the gate that the provider has asked for. */
  heldUntilMs: number;
  /** The end of the orders that stand now. */
  orderedUntilMs: number;
}

/** Makes a day, with all that will happen in it set on its clock. */
export function createDay(story: Story, { onEvent, stopsAtBreach = false, lanes = LANES }: DayOptions): Day {
  const startMs = Date.parse(story.startsAt);
  const clock = createVirtualClock(startMs);
  const fate = fatesOf(story);
  let isStopped = false;
  const judge = createJudge(
    { story, startMs, isBad: (id) => fate(id) !== "healthy", isUnknown: (id) => fate(id) === "unknown" },
    () => {
      if (!stopsAtBreach) return;
      isStopped = true;
      clock.stop();
    },
  );
  const counts: DayCounts = {
    accepted: new Set(),
    requestCount: 0,
    receiveCount: 0,
    heldUntilMs: 0,
    orderedUntilMs: 0,
  };

  const refused = createRefusedLevels();

  function emit(event: DayEvent): void {
    const dated: DatedEvent = Object.assign(event, { atMs: clock.nowMs() });
    count(counts, event);
    refused.see(event, dated.atMs);
    onEvent?.(dated);
    judge.see(dated);
  }

  const parts = createDayParts(story, clock, startMs, emit, lanes);
  return {
    parts,
    judge,
    counts,
    refused,
    isHealthy: (id) => fate(id) === "healthy",
    isUnknown: (id) => fate(id) === "unknown",
    isStopped: () => isStopped,
  };
}

function fatesOf(story: Story): (recordId: string) => RecordFate {
  const { provider } = scenarioOf(story);
  return (recordId) => fateOf(provider, story.seed, recordId);
}

function count(counts: DayCounts, event: DayEvent): void {
  switch (event.kind) {
    case "accepted":
      for (const recordId of event.recordIds) counts.accepted.add(recordId);
      return;
    case "started":
      counts.requestCount += 1;
      return;
    case "received":
      counts.receiveCount += 1;
      return;
    case "orders":
      counts.orderedUntilMs = Math.max(
        0,
        ...[event.hold, event.pin, event.force].map((order) => order?.untilMs ?? 0),
      );
      return;
    case "hold":
      counts.heldUntilMs = Math.max(counts.heldUntilMs, event.untilMs);
      return;
  }
}

function createDayParts(
  story: Story,
  clock: VirtualClock,
  startMs: number,
  emit: (event: DayEvent) => void,
  lanes: readonly Lane[],
): DayParts {
  let provider: Provider = parseProvider(story.contract, "of the story");
  const faults = createFaultsInForce(story, clock, startMs);
  const queues = createDayQueues({ story, clock, faults, emit });
  const mappings = createDayMappings({
    seed: story.seed,
    clock,
    faults,
    queues,
    ventilatorTimeoutMs: () => provider.ventilator.timeoutMs,
    invoke: (lane, event) => functions.ventilate(event, lane),
  });
  const parts: DayParts = {
    story,
    clock,
    startMs,
    faults,
    emit,
    site: createDaySite(story, clock, startMs, faults, emit),
    table: createVirtualTable(),
    watchTable: createTableWatch(emit),
    queues,
    mappings,
    provider: () => provider,
  };
  const functions: DayFunctions = createDayFunctions(parts);
  const deploy = (next: Provider) => {
    provider = next;
    functions.renew();
    emit({ kind: "deployed", provider: next });
  };
  scheduleStory(parts, deploy);
  for (const lane of lanes) mappings.create(lane);
  startFeed(parts);
  startWakerSchedule(parts, functions, startMs + streamOf(story.seed, "waker").next() * 60_000);
  return parts;
}

/** Lets the faults and the weather of a story begin and end, and people act. */
function scheduleStory(parts: DayParts, deploy: (provider: Provider) => void): void {
  const { story, clock, startMs, queues, mappings, emit } = parts;
  const { contract, faults, weather } = story;
  const deleteState = () => deleteLawRow(parts);
  const order = createOperators(parts);
  const act = createDeeds({ clock, mappings, contract, deploy, redrive: queues.redrive, deleteState, order });
  const at = (minute: number, happen: () => void) => clock.at(startMs + minute * 60_000, happen);

  function schedule(what: Fault | Spell): void {
    at(what.fromMinute, () => emit({ kind: "begins", what }));
    if (what.untilMinute > what.fromMinute) at(what.untilMinute, () => emit({ kind: "ends", what }));
  }

  for (const spell of weather) schedule(spell);
  for (const fault of faults) {
    schedule(fault);
    at(fault.fromMinute, () => act(fault));
  }
}

/** Deletes the row that holds the breaker's state. */
function deleteLawRow({ table }: DayParts): void {
  for (const { __edb_e__: entity, part, pk, sk } of table.items()) {
    if (entity === "breaker" && part === "law") table.remove({ pk: String(pk), sk: String(sk) });
  }
}
