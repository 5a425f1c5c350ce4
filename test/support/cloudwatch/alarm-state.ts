import type { Points } from "./metric-math.ts";

/** The states of an alarm. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** How an alarm judges its points. */
export interface AlarmRule {
  readonly isBreaching: (value: number) => boolean;
  /** M: points that have to breach. */
  readonly datapointsToAlarm: number;
  /** N: points that are judged. */
  readonly evaluationPeriods: number;
  readonly treatMissingData: "missing" | "ignore" | "breaching" | "notBreaching";
}

/**
 * The state that follows from the points of the evaluation range, which is longer than N. Missing points count only where
 * the range has fewer than N others, and as few of them as possible.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function nextState(rule: AlarmRule, range: Points, state: AlarmState): AlarmState {
  const { datapointsToAlarm: least, evaluationPeriods, treatMissingData } = rule;
  const found = range.filter((point) => point !== undefined).slice(-evaluationPeriods);
  const breachingCount = found.filter(rule.isBreaching).length;
  const missingCount = evaluationPeriods - found.length;
  const assumedCount = treatMissingData === "breaching" ? missingCount : 0;
  if (breachingCount + assumedCount >= least) return "ALARM";
  const isDecided =
    missingCount === 0 || treatMissingData === "breaching" || treatMissingData === "notBreaching";
  if (isDecided || breachingCount < found.length) return "OK";
  if (treatMissingData === "ignore") return state;
  return isLastingSince(range, least) ? "ALARM" : "INSUFFICIENT_DATA";
}

/** Whether the oldest point is so old that as many as have to breach could have come since. All that are there breach. */
function isLastingSince(range: Points, least: number): boolean {
  const oldest = range.findIndex((point) => point !== undefined);
  return oldest !== -1 && range.length - oldest >= least;
}
