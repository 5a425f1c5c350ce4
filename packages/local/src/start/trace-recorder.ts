import type { ControlState } from "@sluice/core/law";
import type { BreakerEvent } from "@sluice/core/ports";
import type { Trace, TraceDecision, TraceSample } from "@sluice/sim/report";
import { decisionOf } from "./decisions.ts";
import type { LiveView } from "./live-view.ts";

/** A trace that grows while the run goes. */
export interface TraceRecorder {
  /** Keeps the sample of a look, or drops it. Looks are numbered at equal intervals, those without a sample too. */
  sample(sample: TraceSample, lookNumber: number): void;
  /** The trace so far, with the events that the caller knows of. */
  trace(head: Omit<Trace, "durationMs" | "samples">): Trace;
}

/** A day's run keeps no more samples than a chart can show. */
const SAMPLES_MAX = 4_000;

/** Makes a recorder that has seen nothing; each time that it has too many samples it drops every second one. */
export function createTraceRecorder(): TraceRecorder {
  let samples: TraceSample[] = [];
  let keepEvery = 1;
  return {
    sample(sample, lookNumber) {
      if (lookNumber % keepEvery === 0) samples.push(sample);
      if (samples.length < SAMPLES_MAX) return;
      samples = samples.filter((_, at) => at % 2 === 0);
      keepEvery *= 2;
    },
    trace: (head) => ({
      ...head,
      durationMs: samples.at(-1)?.atMs ?? 0,
      samples,
      events: head.events.toSorted((one, other) => one.atMs - other.atMs),
    }),
  };
}

/** The sample of what a view shows. */
export function traceSampleOf(
  view: LiveView,
  { phase, limit }: ControlState,
  capacityCount: number,
): TraceSample {
  const { elapsedMs, inFlightCount, batchSize, maximumConcurrency, isValveEnabled } = view;
  return {
    atMs: elapsedMs,
    phase,
    limit: phase === "open" ? 0 : limit,
    inFlightCount,
    capacityCount,
    batchSize,
    maximumConcurrency,
    isValveEnabled,
    backlogCount: view.backlogCount,
    fetchedCount: view.fetchedCount,
    faultsPerSecond: view.faultsPerSecond,
    ...(view.latencyMs !== undefined && { latencyMs: view.latencyMs }),
  };
}

/** An event of a run that began at `startedAtMs`, as a trace has it. */
export function traceDecisionOf(event: BreakerEvent, startedAtMs: number): TraceDecision {
  const { kind, summary } = event;
  const decision = decisionOf(event);
  const atMs = Math.max(0, event.atMs - startedAtMs);
  return { atMs, kind, summary, ...(decision === undefined ? {} : { decision }) };
}
