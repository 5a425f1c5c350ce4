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

/** Evaluates an alarm each minute, as soon as the minute is over; answers with the state after each. */
export function runAlarm(
  alarm: AlarmResource,
  samples: readonly Sample[],
  { fromMinute, untilMinute }: Span,
  options: RunOptions,
): readonly AlarmState[] {
  const rule = ruleOf(alarm);
  const length = alarm.evaluationPeriods + options.beyondCount;
  const bySeries = Map.groupBy(samples, ({ metric }) => metric);
  const states: AlarmState[] = [];
  let state: AlarmState = "INSUFFICIENT_DATA";
  for (let minute = fromMinute; minute < untilMinute; minute += 1) {
    const range = rangeOf(alarm, bySeries, minute, length, options);
    state = nextState(rule, range, state);
    states.push(state);
  }
  return states;
}

function ruleOf(alarm: AlarmResource): AlarmRule {
  const { comparisonOperator, threshold, datapointsToAlarm, evaluationPeriods, treatMissingData } = alarm;
  const comparisons: Record<string, (value: number) => boolean> = {
    LessThanThreshold: (value) => value < threshold,
    GreaterThanOrEqualToThreshold: (value) => value >= threshold,
  };
  const isBreaching = comparisons[comparisonOperator];
  if (isBreaching === undefined) throw new TypeError(`no such comparison: ${comparisonOperator}`);
  return { isBreaching, datapointsToAlarm, evaluationPeriods, treatMissingData };
}

function rangeOf(
  { metricQueries }: AlarmResource,
  bySeries: ReadonlyMap<string, readonly Sample[]>,
  untilMinute: number,
  length: number,
  options: RunOptions,
): Points {
  const series: Record<string, Points> = {};
  for (const { id, metric } of metricQueries) {
    if (metric === undefined) continue;
    if (metric.period !== 60) throw new TypeError("an alarm is over minutes");
    const samples = bySeries.get(metricKey(metric)) ?? [];
    series[id] = pointsOf(samples, metric.stat, untilMinute, length);
  }
  const returned = metricQueries.filter(({ returnData }) => returnData);
  if (returned[0] === undefined || returned.length > 1) throw new TypeError("an alarm looks at one series");
  const [{ id, expression }] = returned as [AlarmQuery];
  return expression === undefined ? (series[id] ?? []) : evaluateMath(expression, series, options);
}

function pointsOf(
  samples: readonly Sample[],
  statistic: string,
  untilMinute: number,
  length: number,
): Points {
  const values: number[][] = Array.from({ length }, () => []);
  const firstMinute = untilMinute - length + 1;
  for (const { minute, value, arrivesAtMinute } of samples) {
    if (arrivesAtMinute <= untilMinute) values[minute - firstMinute]?.push(value);
  }
  return values.map((found) => (found.length === 0 ? undefined : statisticOf(statistic, found)));
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
