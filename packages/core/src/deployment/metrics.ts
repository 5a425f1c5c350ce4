import type { Phase } from "../law/control.ts";
import type { BatchSample, DecisionSample, GaugeSample, Trouble } from "../ports/metrics.ts";
import { APP_NAME } from "../provider/names.ts";

/** Namespace of Sluice's own metrics in CloudWatch. */
export const METRIC_NAMESPACE = "Sluice";

/** The dimensions that tell a provider's metrics from another's. Each combination is a metric to pay for. */
export function metricDimensionsOf(
  providerId: string,
  environment: string,
): { readonly service: string; readonly provider: string; readonly environment: string } {
  return { service: APP_NAME, provider: providerId, environment };
}

/** The metrics that Sluice publishes; alarms and charts name no others. */
export type MetricName =
  | "Ok"
  | "Slow"
  | "Fault"
  | "Throttled"
  | "Rejected"
  | "Unavailable"
  | "Unstarted"
  | "Latency"
  | "OldestMessageAge"
  | "Receives"
  | "Phase"
  | "Limit"
  | "InFlight"
  | "BatchSize"
  | "MaximumConcurrency"
  | "ValveEnabled"
  | "Held"
  | "OrderedHoldAge"
  | "EnvironmentHeld"
  | "Backlog"
  | "KeptWaiting"
  | "CantBegin"
  | "Standstill"
  | "Trips";

/** The metrics that a deployment tells: those that alarms need, or all. Each is paid for by the hours in which it is told. */
export type MetricScope = "alarms" | "all";

/** A metric, and its values in a sample: none, one, or several of which CloudWatch makes quantiles. */
export interface Metric<Sample> {
  readonly name: MetricName;
  /** No alarm needs it: a snapshot of each minute has it, too. */
  readonly isForCharts?: true;
  readonly unit: "Count" | "Milliseconds" | "Seconds" | "None";
  valuesOf(sample: Sample): readonly number[];
}

/** The metrics of a scope. */
export function metricsIn<Sample>(
  scope: MetricScope,
  metrics: readonly Metric<Sample>[],
): readonly Metric<Sample>[] {
  return scope === "all" ? metrics : metrics.filter(({ isForCharts = false }) => !isForCharts);
}

/** Phases as numbers: the worse, the higher. */
const PHASE_VALUES: Readonly<Record<Phase, number>> = { closed: 0, "half-open": 1, open: 2 };

/** Holds on the gate as numbers. */
const HOLD_VALUES: Readonly<Record<GaugeSample["hold"], number>> = {
  none: 0,
  "retry-after": 1,
  planned: 2,
};

/** Holds by Sluice's own side as numbers. */
export const ENVIRONMENT_HOLD_VALUES: Readonly<Record<GaugeSample["environmentHold"], number>> = {
  none: 0,
  "cant-begin": 1,
  "all-rejected": 2,
};

/**
 * Metrics of a batch. Outcomes that did not occur are left out: a line is paid for by its length, and sums
 * take no notice.
 */
export const BATCH_METRICS: readonly Metric<BatchSample>[] = [
  { name: "Ok", isForCharts: true, unit: "Count", valuesOf: ({ evidence }) => unlessZero(evidence.okCount) },
  {
    name: "Slow",
    isForCharts: true,
    unit: "Count",
    valuesOf: ({ evidence }) => unlessZero(evidence.slowCount),
  },
  {
    name: "Fault",
    isForCharts: true,
    unit: "Count",
    valuesOf: ({ evidence }) => unlessZero(evidence.faultCount + evidence.repeatFaultCount),
  },
  {
    name: "Throttled",
    isForCharts: true,
    unit: "Count",
    valuesOf: ({ evidence }) => unlessZero(evidence.throttledCount),
  },
  {
    name: "Rejected",
    isForCharts: true,
    unit: "Count",
    valuesOf: ({ evidence }) => unlessZero(evidence.rejectedCount),
  },
  {
    name: "Unavailable",
    isForCharts: true,
    unit: "Count",
    valuesOf: ({ evidence }) => unlessZero(evidence.unavailableCount),
  },
  {
    name: "Unstarted",
    isForCharts: true,
    unit: "Count",
    valuesOf: ({ unstartedCount }) => unlessZero(unstartedCount),
  },
  { name: "Latency", isForCharts: true, unit: "Milliseconds", valuesOf: ({ latenciesMs }) => latenciesMs },
  {
    name: "OldestMessageAge",
    unit: "Seconds",
    valuesOf: ({ oldestMessageAgeMs }) => ifKnown(oldestMessageAgeMs && oldestMessageAgeMs / 1_000),
  },
  { name: "Receives", unit: "Count", valuesOf: ({ receiveCount }) => ifKnown(receiveCount) },
];

/**
 * Metrics of the waker's round. Troubles and holds are left out where there is none: a metric is paid for by the hours in which it
 * is told, and an alarm on one series costs a part of one on all that the trouble follows from.
 */
export const GAUGE_METRICS: readonly Metric<GaugeSample>[] = [
  { name: "Phase", isForCharts: true, unit: "None", valuesOf: ({ phase }) => [PHASE_VALUES[phase]] },
  { name: "Limit", isForCharts: true, unit: "Count", valuesOf: ({ limit }) => [limit] },
  { name: "InFlight", unit: "Count", valuesOf: ({ inFlightCount }) => [inFlightCount] },
  { name: "BatchSize", isForCharts: true, unit: "Count", valuesOf: ({ valve }) => ifKnown(valve?.batchSize) },
  {
    name: "MaximumConcurrency",
    isForCharts: true,
    unit: "Count",
    valuesOf: ({ valve }) => ifKnown(valve?.maximumConcurrency),
  },
  {
    name: "ValveEnabled",
    isForCharts: true,
    unit: "None",
    valuesOf: ({ valve }) => ifKnown(valve && Number(valve.isEnabled)),
  },
  { name: "Held", isForCharts: true, unit: "None", valuesOf: ({ hold }) => [HOLD_VALUES[hold]] },
  {
    name: "OrderedHoldAge",
    unit: "Seconds",
    valuesOf: ({ orderedHoldAgeMs }) => unlessZero(orderedHoldAgeMs / 1_000),
  },
  {
    name: "EnvironmentHeld",
    unit: "None",
    valuesOf: ({ environmentHold }) => unlessZero(ENVIRONMENT_HOLD_VALUES[environmentHold]),
  },
  {
    name: "Backlog",
    isForCharts: true,
    unit: "Count",
    valuesOf: ({ backlogCount }) => ifKnown(backlogCount),
  },
  { name: "KeptWaiting", unit: "Count", valuesOf: ifTroubled("kept-waiting") },
  { name: "CantBegin", unit: "Count", valuesOf: ifTroubled("cant-begin") },
  // Where messages wait its absence is told, too: in a slow flow no call ends in most minutes.
  {
    name: "Standstill",
    unit: "Count",
    valuesOf: (sample) => (isStanding(sample) ? [1] : sample.backlogCount ? [0] : []),
  },
];

/** Metrics of a decision. A failed probe opens the breaker again, but is no trip; where none trips nothing is told of it. */
export const DECISION_METRICS: readonly Metric<DecisionSample>[] = [
  { name: "Phase", isForCharts: true, unit: "None", valuesOf: ({ phase }) => [PHASE_VALUES[phase]] },
  { name: "Limit", isForCharts: true, unit: "Count", valuesOf: ({ limit }) => [limit] },
  {
    name: "Trips",
    unit: "Count",
    valuesOf: ({ phase, previousPhase }) =>
      unlessZero(Number(phase === "open" && previousPhase === "closed")),
  },
];

function ifTroubled(trouble: Trouble): (sample: GaugeSample) => readonly number[] {
  return ({ troubles }) => (troubles.includes(trouble) ? [1] : []);
}

function isStanding({ troubles }: GaugeSample): boolean {
  return troubles.includes("standstill");
}

function ifKnown(value: number | undefined): readonly number[] {
  return value === undefined ? [] : [value];
}

function unlessZero(count: number): readonly number[] {
  return count === 0 ? [] : [count];
}
