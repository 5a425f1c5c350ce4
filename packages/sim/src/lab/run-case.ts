import { BATCH_SIZE_MAX } from "@sluice/core/aws-bounds";
import { type Billable, billableOf } from "../billing/billable.ts";
import { kinesisUsdOf, usdOf, usdPerMillionRecords } from "../billing/cost.ts";
import type { LawSetup } from "../laws/law-setup.ts";
import { originalLaw } from "../laws/original.ts";
import { fateOf } from "../provider-simulator/record-fate.ts";
import type { Scenario } from "../provider-simulator/scenario.ts";
import type { Trace, TraceSample } from "../report/trace.ts";
import { arrivalsOf, recordIdOf } from "../world/records.ts";
import { startSampler } from "../world/sampler.ts";
import { createWorld } from "../world/world.ts";
import type { WorldReport } from "../world/world-report.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { type IdealRun, runIdeal } from "./ideal.ts";

/** One law in one scenario with one seed. */
export interface LabCase {
  readonly scenario: Scenario;
  readonly setup: LawSetup;
  readonly seed: number;
  readonly hasTrace: boolean;
}

/** The result of a case, as the lab prints it. */
export interface LabResult extends Figures {
  readonly scenario: string;
  readonly law: string;
  readonly seed: number;
  /** Distinct records served within the run. */
  readonly recordsFetched: number;
  /** Virtual time that passed. */
  readonly elapsedMinutes: number;
  readonly billable: Billable;
  /** Null if no record was fetched. */
  readonly usdPerMillionRecords: number | null;
  /**
   * The price of the original's own design, with a Kinesis stream of one shard instead of queue and table; only of its
   * law. Null if no record was fetched.
   */
  readonly kinesisUsdPerMillionRecords?: number | null;
  /** The most receives that one message has had. */
  readonly mostReceives: number;
  /** Warnings and errors that the use-cases logged, by their message. */
  readonly logCounts: Readonly<Record<string, number>>;
}

/** A result, and the trace of its run if that was asked for. */
export interface CaseRun {
  readonly result: LabResult;
  readonly trace?: Trace;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A message body of the lab; anything below 25 KB is the same to Kinesis. */
const RECORD_BYTES = 120;

/** The ideal to compare a scenario's runs of this seed with. */
export function idealOf(scenario: Scenario, seed: number): IdealRun {
  // The time between invocations is nobody's to save.
  const batches = { size: BATCH_SIZE_MAX, overheadMs: scenario.valve.overheadMs };
  return runIdeal({ scenario, seed, batches });
}

/**
 * Runs a case: for the scenario's duration, and for up to twice as long if the law has not done by then what the ideal
 * has.
 */
export async function runCase(labCase: LabCase, ideal: IdealRun): Promise<CaseRun> {
  const { scenario, setup, seed, hasTrace } = labCase;
  const world = createWorld({ scenario, setup, seed });
  const samples = hasTrace ? startSampler(world) : undefined;
  const durationMs = scenario.durationMinutes * MINUTE_MS;
  await world.run(ideal.emptiedAtMs === undefined ? durationMs : 2 * durationMs);
  const run = world.report();
  const billable = billableOf(run.meter, world.provider);
  const recordsFetched = run.site.servedAtMs.length;
  const result: LabResult = {
    scenario: scenario.name,
    law: setup.name,
    seed,
    ...figuresOf({ scenario, run, ideal, healthyCount: healthyCountOf(scenario, seed) }),
    recordsFetched,
    elapsedMinutes: run.elapsedMs / MINUTE_MS,
    billable,
    usdPerMillionRecords: usdPerMillionRecords(usdOf(billable), recordsFetched),
    ...(setup.law === originalLaw && kinesisCost(billable, recordsFetched, run.elapsedMs)),
    mostReceives: run.mostReceives,
    logCounts: run.logCounts,
  };
  return samples === undefined ? { result } : { result, trace: traceOf(labCase, run, result, samples()) };
}

function healthyCountOf(scenario: Scenario, seed: number): number {
  const { totalCount } = arrivalsOf(scenario);
  let count = 0;
  for (let index = 0; index < totalCount; index += 1) {
    if (fateOf(scenario.provider, seed, recordIdOf(index)) === "healthy") count += 1;
  }
  return count;
}

function kinesisCost(billable: Billable, recordCount: number, elapsedMs: number) {
  const usd = kinesisUsdOf({ recordCount, recordBytes: RECORD_BYTES, hours: elapsedMs / HOUR_MS, billable });
  return { kinesisUsdPerMillionRecords: usdPerMillionRecords(usd, recordCount) };
}

function traceOf(
  { scenario, setup, seed }: LabCase,
  { elapsedMs, events }: WorldReport,
  { goodput, harm, trips }: LabResult,
  samples: readonly TraceSample[],
): Trace {
  return {
    title: `${scenario.name} · ${setup.name} · seed ${seed}`,
    scenario: scenario.name,
    law: setup.name,
    durationMs: elapsedMs,
    maxConcurrency: scenario.provider.maxConcurrency,
    samples,
    events: events,
    figures: {
      goodput: goodput === undefined ? "none" : goodput.toFixed(3),
      harm: harm.toFixed(1),
      trips: String(trips),
    },
  };
}
