import { type ByLane, LANES } from "@sluice/core/provider";
import type { Meter } from "../billing/meter.ts";
import type { Mapping } from "../event-source-mapping/mapping.ts";
import type { RecordFate } from "../provider-simulator/record-fate.ts";
import type { TraceSample } from "../report/trace.ts";
import type { History, WorldEvent } from "./history.ts";
import type { ValveCounts } from "./mapping-valve.ts";
import { type Queues, queuedCountIn } from "./queues.ts";
import type { Site, SiteReport } from "./site.ts";
import type { WorldContext } from "./world-context.ts";

/** The state of a run and all that happened in it so far; instants count from its start. */
export interface WorldReport {
  readonly elapsedMs: number;
  readonly isDrained: boolean;
  readonly site: SiteReport;
  /** The law's decisions and the changes of valves, in order. */
  readonly events: readonly WorldEvent[];
  readonly valve: Readonly<ValveCounts>;
  /** Records in the dead-letter queue, by their fate. */
  readonly deadLetters: Readonly<Record<RecordFate, number>>;
  /**
   * Healthy ones among them that never met a provider with more in flight than it could bear: each of their attempts drew
   * a fault, or a call longer than the timeout, which no law can help.
   */
  readonly unluckyDeadCount: number;
  /** Messages that the mappings have received, each time that one was. */
  readonly receivedCount: number;
  /** The most receives that one message has had. */
  readonly mostReceives: number;
  readonly meter: Meter;
  /** Warnings and errors that were logged, by their message. */
  readonly logCounts: Readonly<Record<string, number>>;
}

/** The parts of a world that tell how it stands. */
export interface WorldParts {
  readonly site: Site;
  readonly history: History;
  readonly queues: Queues;
  readonly mappings: ByLane<Mapping>;
  readonly valveCounts: ValveCounts;
}

/** One instant of a run, now. */
export function worldSampleOf(
  { elapsedMs }: WorldContext,
  { site, history, queues, mappings }: WorldParts,
): TraceSample {
  const { settings } = mappings.records.describe();
  const { phase, limit } = history.control();
  return {
    atMs: elapsedMs(),
    phase,
    limit,
    inFlightCount: site.inFlightCount(),
    capacityCount: site.capacityCount(),
    batchSize: settings.batchSize,
    maximumConcurrency: settings.maximumConcurrency ?? 0,
    isValveEnabled: settings.isEnabled,
    backlogCount: queuedCountIn(queues),
    fetchedCount: site.servedCount(),
  };
}

/** The report of a run up to now. */
export function worldReportOf(
  { elapsedMs, meter, logCounts }: WorldContext,
  { site, history, queues, mappings, valveCounts }: WorldParts,
  isDrained: boolean,
): WorldReport {
  return {
    elapsedMs: elapsedMs(),
    isDrained,
    site: site.report(),
    events: history.events,
    valve: { ...valveCounts },
    deadLetters: { ...queues.deadLetterCounts },
    unluckyDeadCount: queues.healthyDeadIds.filter((recordId) => !site.hasBeenTooMuch(recordId)).length,
    receivedCount: LANES.reduce((sum, lane) => sum + mappings[lane].stats().messagesReceived, 0),
    mostReceives: queues.lanes.records.mostReceives(),
    meter: structuredClone(meter),
    logCounts: Object.fromEntries(logCounts),
  };
}
