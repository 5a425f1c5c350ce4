import { describe, expect, test } from "vitest";
import { indexOf, runAlarm } from "./alarm-run.ts";
import { type AlarmRule, type AlarmState, nextState } from "./alarm-state.ts";
import { evaluateMath, type MathOptions } from "./metric-math.ts";

const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;
const FILLED: MathOptions = { emptyFill: "filled" };
const _ = undefined;

/** Points as the documentation's tables draw them: 0 is fine, X breaches, - is missing. */
const drawn = (text: string) =>
  text.split(" ").map((mark) => (mark === "-" ? undefined : mark === "X" ? 1 : 0));

function statesOf(text: string, datapointsToAlarm: number): readonly (AlarmState | "RETAIN")[] {
  return TREATMENTS.map((treatMissingData) => {
    const isBreaching = (value: number) => value > 0;
    const rule: AlarmRule = { isBreaching, datapointsToAlarm, evaluationPeriods: 3, treatMissingData };
    const after = (["OK", "ALARM"] as const).map((state) => nextState(rule, drawn(text), state));
    return after[0] === after[1] ? (after[0] ?? "OK") : "RETAIN";
  });
}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html has these tables.
describe("an alarm over three of five points", () => {
  test.each([
    ["0 - X - X", ["OK", "OK", "OK", "OK"]],
    ["0 - - - -", ["OK", "OK", "OK", "OK"]],
    ["- - - - -", ["INSUFFICIENT_DATA", "RETAIN", "ALARM", "OK"]],
    ["0 X X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["- - X - -", ["ALARM", "RETAIN", "ALARM", "OK"]],
    ["- - - - X", ["INSUFFICIENT_DATA", "RETAIN", "ALARM", "OK"]],
  ])("%s, all of which have to breach", (points, states) => {
    expect(statesOf(points, 3)).toEqual(states);
  });

  test.each([
    ["0 - X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["0 0 X 0 X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["0 - X - -", ["OK", "OK", "ALARM", "OK"]],
    ["- - - - 0", ["OK", "OK", "ALARM", "OK"]],
    ["- - - X -", ["ALARM", "RETAIN", "ALARM", "OK"]],
  ])("%s, two of which have to breach", (points, states) => {
    expect(statesOf(points, 2)).toEqual(states);
  });
});

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html has these examples.
describe("metric math", () => {
  const series = { m1: [30, 20, 0, 0], m2: [20, _, 20, _], c: [1, 1, 0, 0, _], t: [30, _, 0, 0, 30] };
  const of = (expression: string, options = FILLED) =>
    evaluateMath(expression, { ...series, f: [0, 0, 20, _, 20], none: [_, _] }, options);

  test.each([
    ["(m1 < m2)", [0, 0, 1, 0]],
    ["(m1 >= 30)", [1, 0, 0, 0]],
    ["m1 > 15 AND m2 > 15", [1, 0, 0, 0]],
    ["IF(c, t, f)", [30, 0, 20, _, _]],
    ["IF(c, 5, f)", [5, 5, 20, _, _]],
    ["IF(c, t, 5)", [30, 0, 5, 5, _]],
    ["IF(m1 < 25, m1)", [_, 20, 0, 0]],
    ["IF(1 == 1, m2)", [20, _, 20, _]],
    ["IF(1 == 2, m2)", [_, _, _, _]],
    ["m1 + m2 * 2", [70, 20, 40, 0]],
    ["SUM([m1, m2])", [50, 20, 20, 0]],
    ["MAX([m1, m2])", [30, 20, 20, 0]],
    ["m1 - SUM(m2)", [-10, -20, -40, -40]],
    ["FILL(m2, 7)", [20, 7, 20, 7]],
    ["FILL(m2, REPEAT)", [20, 20, 20, 20]],
  ])("%s", (expression, points) => {
    expect(of(expression)).toEqual(points);
  });

  test("a series without any point may be filled or not", () => {
    expect(of("FILL(none, 0)", { emptyFill: "filled" })).toEqual([0, 0]);
    expect(of("FILL(none, 0)", { emptyFill: "empty" })).toEqual([_, _]);
  });

  test.each(["m1 +", "m9", "SUM(m1)", "ABS(m1)", "m1 % 2", "[m1, m2]", "m1 m2", "FILL(m1, m2)"])(
    "%s is refused",
    (expression) => {
      expect(() => of(expression)).toThrow(SyntaxError);
    },
  );
});

test("a point counts from the minute in which it arrives, and a statistic is of what has arrived", () => {
  const metric = { namespace: "Sluice", metricName: "M", stat: "Sum", period: 60, dimensions: {} };
  const alarm = {
    metricQueries: [{ id: "m", metric, returnData: true }],
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 2,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    treatMissingData: "notBreaching",
  } as const;
  const sample = (minute: number, arrivesAtMinute: number) => ({
    metric: "Sluice/M",
    minute,
    value: 1,
    arrivesAtMinute,
  });
  const options = { ...FILLED, beyondCount: 2, ignoresForDynamoDb: true };
  const samples = [sample(1, 1), sample(1, 2), sample(4, 4)];
  const states = runAlarm(alarm, indexOf(samples), { fromMinute: 0, untilMinute: 6 }, options);
  expect(states).toEqual(["OK", "OK", "ALARM", "ALARM", "OK", "OK"]);
});
