import type { Trace, TraceEvent, TraceSample } from "../trace.ts";

/** A calm sample, with what a test changes. */
export function fakeSample(changes: Partial<TraceSample> = {}): TraceSample {
  return {
    atMs: 0,
    phase: "closed",
    limit: 10,
    inFlightCount: 8,
    capacityCount: 20,
    batchSize: 4,
    maximumConcurrency: 10,
    isValveEnabled: true,
    backlogCount: 1_000,
    fetchedCount: 0,
    ...changes,
  };
}

/** A trip at minute 10, probed at 16, closed again at 17, of a run of 20 minutes, one sample a minute. */
export function fakeTrace(changes: Partial<Trace> = {}): Trace {
  return {
    title: "blackout · sluice · seed 1",
    scenario: "blackout",
    law: "sluice",
    durationMs: 20 * 60_000,
    maxConcurrency: 20,
    samples: Array.from({ length: 21 }, (_, minute) => sampleAt(minute)),
    events: [fakeDecision()],
    figures: { goodput: "0.93", harm: "2.1" },
    ...changes,
  };
}

/** A trip. */
export function fakeDecision(changes: Partial<TraceEvent> = {}): TraceEvent {
  return {
    atMs: 10 * 60_000,
    kind: "decision",
    summary: "outage plainly seen: limit 10 → open",
    decision: {
      rule: "outage plainly seen",
      inputs: { faults: 12, "fault share": 0.98765 },
      before: { phase: "closed", limit: 10, epoch: 4 },
      after: { phase: "open", limit: 1, epoch: 5 },
    },
    ...changes,
  };
}

function sampleAt(minute: number): TraceSample {
  const atMs = minute * 60_000;
  if (minute >= 10 && minute < 16) {
    return fakeSample({
      atMs,
      phase: "open",
      limit: 1,
      inFlightCount: 0,
      capacityCount: 0,
      isValveEnabled: false,
    });
  }
  if (minute === 16) return fakeSample({ atMs, phase: "half-open", limit: 1, inFlightCount: 1 });
  return fakeSample({ atMs });
}
