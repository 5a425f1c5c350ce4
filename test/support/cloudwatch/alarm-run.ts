import { type AlarmRule, type AlarmState, nextState } from "./alarm-state.ts";
import { evaluateMath, type MathOptions, type Points } from "./metric-math.ts";

/** An alarm as the program of a stage declares it. */
export interface AlarmResource {
  readonly metricQueries: readonly AlarmQuery[];
  readonly comparisonOperator: string;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: AlarmRule["treatMissingData"];
}

/** A series of an alarm, or the expression over them. */
export interface AlarmQuery {
  readonly id: string;
  readonly expression?: string;
  readonly returnData: boolean;
  readonly metric?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly stat: string;
    readonly period: number;
    readonly dimensions: Readonly<Record<string, string>>;
  };
}

/** A value that was published, and the minute in which CloudWatch has it. */
export interface Sample {
  readonly metric: string;
  readonly minute: number;
  readonly value: number;
  readonly arrivesAtMinute: number;
}

/** What is not known of CloudWatch, and what an alarm may not rest on. */
export interface RunOptions extends MathOptions {
  /** Points that are retrieved beyond N. */
  readonly beyondCount: number;
  /** Alarms on metrics of DynamoDB ignore missing points, whatever they say: that is so unless AWS changes it. */
  readonly ignoresForDynamoDb: boolean;
}

/** Minutes of a run: the alarm is made at the first one. */
export interface Span {
  readonly fromMinute: number;
  readonly untilMinute: number;
}

/** Names a metric as samples do: by namespace, what it is of, and its own name. */
export function metricKey({ namespace, metricName, dimensions }: NonNullable<AlarmQuery["metric"]>): string {
  const of = namespace === "Sluice" ? [] : Object.values(dimensions);
  return [namespace, ...of, metricName].join("/");
}

/** Samples by metric and minute. */
export type SampleIndex = ReadonlyMap<string, ReadonlyMap<number, readonly Sample[]>>;

/** Finds samples by metric and minute: many alarms look at the same. */
export function indexOf(samples: readonly Sample[]): SampleIndex {
  const byMetric = Map.groupBy(samples, ({ metric }) => metric);
  return new Map([...byMetric].map(([metric, of]) => [metric, Map.groupBy(of, ({ minute }) => minute)]));
}

/** Evaluates an alarm each minute, as soon as the minute is over; answers with the state after each. */
export function runAlarm(
  alarm: AlarmResource,
  index: SampleIndex,
  { fromMinute, untilMinute }: Span,
  options: RunOptions,
): readonly AlarmState[] {
  const rule = ruleOf(alarm, options);
  const source = sourceOf(alarm, index);
  const length = alarm.evaluationPeriods + options.beyondCount;
  const states: AlarmState[] = [];
  let state: AlarmState = "INSUFFICIENT_DATA";
  for (let minute = fromMinute; minute < untilMinute; minute += 1) {
    const range = rangeOf(source, minute, length, options);
    state = nextState(rule, range, state);
    states.push(state);
  }
  return states;
}

function ruleOf(alarm: AlarmResource, { ignoresForDynamoDb }: RunOptions): AlarmRule {
  const { comparisonOperator, threshold, datapointsToAlarm, evaluationPeriods } = alarm;
  const isOfDynamoDb = alarm.metricQueries.some(({ metric }) => metric?.namespace === "AWS/DynamoDB");
  const treatMissingData = ignoresForDynamoDb && isOfDynamoDb ? "ignore" : alarm.treatMissingData;
  const comparisons: Record<string, (value: number) => boolean> = {
    LessThanThreshold: (value) => value < threshold,
    GreaterThanOrEqualToThreshold: (value) => value >= threshold,
  };
  const isBreaching = comparisons[comparisonOperator];
  if (isBreaching === undefined) throw new TypeError(`no such comparison: ${comparisonOperator}`);
  return { isBreaching, datapointsToAlarm, evaluationPeriods, treatMissingData };
}

/** What an alarm looks at, found once for all its minutes. */
interface Source {
  readonly series: readonly SampledSeries[];
  readonly returned: AlarmQuery;
}

interface SampledSeries {
  readonly id: string;
  readonly statistic: string;
  readonly byMinute: ReadonlyMap<number, readonly Sample[]>;
}

function sourceOf({ metricQueries }: AlarmResource, index: SampleIndex): Source {
  const series = metricQueries.flatMap(({ id, metric }): SampledSeries[] => {
    if (metric === undefined) return [];
    if (metric.period !== 60) throw new TypeError("an alarm is over minutes");
    return [{ id, statistic: metric.stat, byMinute: index.get(metricKey(metric)) ?? NO_SAMPLES }];
  });
  const [returned, ...others] = metricQueries.filter(({ returnData }) => returnData);
  if (returned === undefined || others.length > 0) throw new TypeError("an alarm looks at one series");
  return { series, returned };
}

function rangeOf(
  { series, returned: { id, expression } }: Source,
  untilMinute: number,
  length: number,
  options: RunOptions,
): Points {
  const found: Record<string, Points> = {};
  for (const { id, statistic, byMinute } of series) {
    const points: (number | undefined)[] = [];
    for (let minute = untilMinute - length + 1; minute <= untilMinute; minute += 1) {
      const samples = byMinute.get(minute);
      points.push(samples && pointOf(samples, statistic, untilMinute));
    }
    found[id] = points;
  }
  return expression === undefined ? (found[id] ?? []) : evaluateMath(expression, found, options);
}

const NO_SAMPLES: ReadonlyMap<number, readonly Sample[]> = new Map();

function pointOf(samples: readonly Sample[], statistic: string, untilMinute: number): number | undefined {
  const values: number[] = [];
  for (const { arrivesAtMinute, value } of samples) if (arrivesAtMinute <= untilMinute) values.push(value);
  return values.length === 0 ? undefined : statisticOf(statistic, values);
}

function statisticOf(statistic: string, values: readonly number[]): number {
  switch (statistic) {
    case "Minimum":
      return Math.min(...values);
    case "Maximum":
      return Math.max(...values);
    case "Sum":
      return values.reduce((sum, value) => sum + value, 0);
    case "SampleCount":
      return values.length;
    default:
      throw new TypeError(`no such statistic: ${statistic}`);
  }
}
