import { NO_EVIDENCE } from "@sluice/core/law";
import type { GaugeSample, Metrics } from "@sluice/core/ports";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPowertoolsMetrics } from "./powertools-metrics.ts";

let printed = "";
let metrics: Metrics;
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  metrics = createPowertoolsMetrics("acme", "staging", "all");
});
afterEach(() => {
  vi.restoreAllMocks();
});

interface Line extends Readonly<Record<string, unknown>> {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

function linesPrinted(): Line[] {
  return printed
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => JSON.parse(text));
}

/** Units by name, and values by name, of the line. */
function metricsIn({ _aws, ...values }: Line): Record<string, unknown> {
  const definitions = _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics);
  return Object.fromEntries(definitions.map(({ Name, Unit }) => [Name, [values[Name], Unit]]));
}

const GAUGES: GaugeSample = {
  phase: "half-open",
  limit: 7,
  inFlightCount: 5,
  valve: { batchSize: 3, maximumConcurrency: 20, isEnabled: true },
  hold: "none",
  orderedHoldAgeMs: 0,
  environmentHold: "none",
  backlogCount: 1_234,
  troubles: [],
};

test("gauges are one line with every metric and its unit", () => {
  metrics.gauges(GAUGES);
  const lines = linesPrinted();
  expect(lines.map(metricsIn)).toEqual([
    {
      Phase: [1, "None"],
      Limit: [7, "Count"],
      InFlight: [5, "Count"],
      BatchSize: [3, "Count"],
      MaximumConcurrency: [20, "Count"],
      ValveEnabled: [1, "None"],
      Held: [0, "None"],
      Backlog: [1_234, "Count"],
      Standstill: [0, "Count"],
    },
  ]);
  expect(lines[0]).toMatchObject({ service: "sluice", provider: "acme", environment: "staging" });
  expect(lines[0]?._aws.CloudWatchMetrics).toMatchObject([
    { Namespace: "Sluice", Dimensions: [["service", "provider", "environment"]] },
  ]);
});

test("what only charts show is left out where nobody asks for it, and an empty line is not printed", () => {
  const few = createPowertoolsMetrics("acme", "staging", "alarms");
  few.gauges(GAUGES);
  few.decision({ phase: "closed", previousPhase: "closed", limit: 4, rule: "raise" });
  few.batch({ evidence: { ...NO_EVIDENCE, okCount: 1 }, latenciesMs: [5], unstartedCount: 0 });
  expect(linesPrinted().map(metricsIn)).toEqual([{ InFlight: [5, "Count"], Standstill: [0, "Count"] }]);
  few.decision({ phase: "open", previousPhase: "closed", limit: 4, rule: "outage" });
  expect(linesPrinted().map(metricsIn).at(-1)).toEqual({ Trips: [1, "Count"] });
});

test("a hold is gauged", () => {
  metrics.gauges({ ...GAUGES, hold: "retry-after" });
  expect(metricsIn(linesPrinted()[0] as Line)).toMatchObject({ Held: [1, "None"] });
});

test("a hold because of Sluice's own side is gauged beside the provider's", () => {
  metrics.gauges({ ...GAUGES, environmentHold: "cant-begin" });
  metrics.gauges({ ...GAUGES, environmentHold: "all-rejected" });
  const [cantBegin, allRejected] = linesPrinted() as [Line, Line];
  expect(metricsIn(cantBegin)).toMatchObject({ Held: [0, "None"], EnvironmentHeld: [1, "None"] });
  expect(metricsIn(allRejected)).toMatchObject({ EnvironmentHeld: [2, "None"] });
});

test("zeros are gauged", () => {
  metrics.gauges({
    ...GAUGES,
    backlogCount: 0,
    valve: { batchSize: 0, maximumConcurrency: 0, isEnabled: false },
  });
  const gauged = metricsIn(linesPrinted()[0] as Line);
  expect(gauged).toMatchObject({
    Backlog: [0, "Count"],
    ValveEnabled: [0, "None"],
    BatchSize: [0, "Count"],
    MaximumConcurrency: [0, "Count"],
  });
});

test("what could not be read is left out, the rest is gauged", () => {
  const { valve: _, backlogCount: __, ...read } = GAUGES;
  metrics.gauges(read);
  expect(Object.keys(metricsIn(linesPrinted()[0] as Line))).toEqual(["Phase", "Limit", "InFlight", "Held"]);
});

test("a trouble is told in the minutes that have it, and in no other", () => {
  metrics.gauges({ ...GAUGES, troubles: ["standstill"] });
  metrics.gauges({ ...GAUGES, troubles: ["kept-waiting", "cant-begin"] });
  const [one, two] = linesPrinted().map(metricsIn);
  expect(one).toMatchObject({ Standstill: [1, "Count"] });
  expect(one).not.toHaveProperty("KeptWaiting");
  expect(two).toMatchObject({ KeptWaiting: [1, "Count"], CantBegin: [1, "Count"] });
  expect(two).toMatchObject({ Standstill: [0, "Count"] });
});

test("a batch tells how long its oldest message has waited, if that is known", () => {
  const sample = { evidence: { ...NO_EVIDENCE, okCount: 1 }, latenciesMs: [5], unstartedCount: 0 };
  metrics.batch({ ...sample, oldestMessageAgeMs: 61_500 });
  metrics.batch(sample);
  const [known, unknown] = linesPrinted().map(metricsIn);
  expect(known).toMatchObject({ OldestMessageAge: [61.5, "Seconds"] });
  expect(unknown).not.toHaveProperty("OldestMessageAge");
});

test("receives are charted where they are too many", () => {
  metrics.batch({ evidence: NO_EVIDENCE, latenciesMs: [], unstartedCount: 0, receiveCount: 150 });
  expect(linesPrinted().map(metricsIn)).toEqual([{ Receives: [150, "Count"] }]);
});

test.each([
  ["closed", "half-open", 0, 0],
  ["half-open", "open", 1, 0],
  ["open", "half-open", 2, 0],
  ["open", "closed", 2, 1],
] as const)(
  "a decision to be %s after %s is phase %i and %i trips, and names its rule",
  (phase, previousPhase, value, trips) => {
    metrics.decision({ phase, previousPhase, limit: 4, rule: "outage plainly seen" });
    const [line, ...others] = linesPrinted();
    expect(others).toEqual([]);
    expect(line).toMatchObject({ rule: "outage plainly seen", provider: "acme" });
    expect(metricsIn(line as Line)).toEqual({
      Phase: [value, "None"],
      Limit: [4, "Count"],
      ...(trips > 0 && { Trips: [trips, "Count"] }),
    });
  },
);

test("a batch counts the outcomes that occurred, faults of either kind together, and keeps each latency", () => {
  const counts = { okCount: 2, slowCount: 1, faultCount: 3, repeatFaultCount: 4, timeoutCount: 3 };
  metrics.batch({
    evidence: { ...NO_EVIDENCE, ...counts, rejectedCount: 5 },
    latenciesMs: [10, 20.5, 900],
    unstartedCount: 0,
  });
  expect(linesPrinted().map(metricsIn)).toEqual([
    {
      Ok: [2, "Count"],
      Slow: [1, "Count"],
      Fault: [7, "Count"],
      Rejected: [5, "Count"],
      Latency: [[10, 20.5, 900], "Milliseconds"],
    },
  ]);
});

test("throttled and unavailable calls are counted without a latency", () => {
  const evidence = { ...NO_EVIDENCE, throttledCount: 1, unavailableCount: 2 };
  metrics.batch({ evidence, latenciesMs: [], unstartedCount: 1 });
  expect(linesPrinted().map(metricsIn)).toEqual([
    { Throttled: [1, "Count"], Unavailable: [2, "Count"], Unstarted: [1, "Count"] },
  ]);
});

test.each([100, 250])(
  "%i latencies are all published, at most a hundred a line, and the counts once",
  (count) => {
    const latenciesMs = Array.from({ length: count }, (_, index) => index);
    metrics.batch({ evidence: { ...NO_EVIDENCE, okCount: count }, latenciesMs, unstartedCount: 0 });
    const lines = linesPrinted();
    expect(lines.flatMap(({ Latency }) => Latency)).toEqual(latenciesMs);
    expect(lines).toHaveLength(Math.ceil(count / 100));
    expect(lines.flatMap(({ Ok = [] }) => Ok)).toEqual([count]);
  },
);

test("a batch in which nothing happened prints nothing, not even a warning", () => {
  const warned = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  metrics.batch({ evidence: NO_EVIDENCE, latenciesMs: [], unstartedCount: 0 });
  expect(printed).toBe("");
  expect(warned).not.toHaveBeenCalled();
});

test("samples don't run into each other", () => {
  metrics.decision({ phase: "open", previousPhase: "closed", limit: 1, rule: "trip" });
  metrics.gauges(GAUGES);
  const [, gauges] = linesPrinted();
  expect(gauges).not.toHaveProperty("rule");
  expect(gauges).not.toHaveProperty("Trips");
});

test("numbers that are none are left out", () => {
  metrics.batch({
    evidence: { ...NO_EVIDENCE, okCount: 1 },
    latenciesMs: [Number.NaN, 5],
    unstartedCount: 0,
  });
  expect(linesPrinted().map(metricsIn)).toEqual([{ Ok: [1, "Count"], Latency: [5, "Milliseconds"] }]);
});

test("publishing never throws, and what could not be published does not come later", () => {
  vi.spyOn(JSON, "stringify").mockImplementationOnce(() => {
    throw new TypeError("no JSON");
  });
  expect(() =>
    metrics.decision({ phase: "open", previousPhase: "closed", limit: 1, rule: "trip" }),
  ).not.toThrow();
  metrics.gauges(GAUGES);
  const lines = linesPrinted();
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toHaveProperty("Trips");
});
