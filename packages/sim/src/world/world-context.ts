import { type ControlState, lawConfigOf } from "@sluice/core/law";
import type { Log } from "@sluice/core/ports";
import type { Provider } from "@sluice/core/provider";
import { type MappingShape, mappingShapeOf } from "@sluice/core/valve";
import { createMeter, type Meter } from "../billing/meter.ts";
import type { LawSetup } from "../laws/law-setup.ts";
import type { Scenario } from "../provider-simulator/scenario.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-time/virtual-clock.ts";
import { providerOf, type SteeredContract } from "./provider-of.ts";

/** The options of a run: with the same ones it goes the same way. */
export interface WorldOptions {
  readonly scenario: Scenario;
  readonly setup: LawSetup;
  /** Quotas and access windows of the provider, which no scenario has. */
  readonly steered?: SteeredContract;
  /** An integer: the same seed, the same run. */
  readonly seed: number;
  /** The error of an execution environment's clock, by its name; left out: none. */
  skewMs?(name: string): number;
  /** Called for everything that happens, in order. */
  onEvent?(atMs: number, what: string): void;
}

/** The common ground of a world's parts. */
export interface WorldContext {
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly startMs: number;
  readonly provider: Provider;
  readonly meter: Meter;
  /** Keeps no lines: it counts warnings and errors in {@link logCounts}. */
  readonly log: Log;
  /** Warnings and errors so far, by their message. */
  readonly logCounts: ReadonlyMap<string, number>;
  /** The state that the law begins with. */
  readonly initial: ControlState;
  /** The settings of the mappings in that state. */
  readonly shape: MappingShape;
  /** Time since the start. */
  elapsedMs(): number;
  onEvent(what: string): void;
}

/** A Monday at midnight UTC: runs of less than a day stay within one provider day. */
const START_MS = Date.UTC(2026, 0, 5);

/** Makes the context of a world at the start of its scenario. */
export function createWorldContext(options: WorldOptions): WorldContext {
  const clock = createVirtualClock(START_MS);
  const provider = providerOf(options.scenario, options.steered);
  const { law, shape = mappingShapeOf } = options.setup;
  const initial = law.initial(lawConfigOf(provider), START_MS);
  const elapsedMs = () => clock.nowMs() - START_MS;
  const logCounts = new Map<string, number>();
  return {
    options,
    clock,
    startMs: START_MS,
    provider,
    meter: createMeter(),
    log: countingLog(logCounts),
    logCounts,
    initial,
    shape: shape(provider, initial),
    elapsedMs,
    onEvent: (what) => options.onEvent?.(elapsedMs(), what),
  };
}

function countingLog(counts: Map<string, number>): Log {
  const count = (message: string) => counts.set(message, (counts.get(message) ?? 0) + 1);
  const log: Log = { debug: () => {}, info: () => {}, warn: count, error: count, with: () => log };
  return log;
}
