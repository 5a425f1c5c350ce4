import { expect, test } from "vitest";
import type { LabResult } from "./run-case.ts";
import { lawQuantilesTable, worstTable } from "./space-tables.ts";

const result = (scenario: string, law: string, goodput: number | undefined, harm = 0, more = {}): LabResult =>
  ({
    scenario,
    law,
    goodput,
    harm,
    recordsFetched: 100,
    billable: { lambdaRequests: 200 },
    valveUpdatesPerHour: 0,
    stuck: false,
    healthyDeadLettered: 0,
    duplicateFetches: 0,
    boundViolations: 0,
    trips: 0,
    ...more,
  }) as LabResult;

const columnOf = (results: readonly LabResult[], name: string) => {
  const { columns, rows } = lawQuantilesTable(results);
  return rows.map((row) => row[columns.findIndex((column) => column.name === name)]);
};

test("a law's quantiles leave out scenarios in which even the ideal serves none", () => {
  const results = [result("a", "one", 0.4), result("b", "one", undefined), result("c", "one", 0.8)];
  expect(columnOf(results, "p50")[0]).toBeCloseTo(0.6);
  expect(columnOf(results, "mean")[0]).toBeCloseTo(0.6);
  expect(columnOf(results, "scenarios")).toEqual([3]);
});

test("beaten is who has less goodput by more than chance in the same scenario, for no less harm", () => {
  const rival = [result("a", "two", 0.9, 5), result("b", "two", 0.9, 5)];
  expect(columnOf([result("a", "one", 0.86, 5), result("b", "one", 0.88, 5), ...rival], "beaten %")).toEqual([
    50, 0,
  ]);
  expect(columnOf([result("a", "one", 0.5, 4), result("c", "one", 0.1, 9), ...rival], "beaten %")).toEqual([
    0, 0,
  ]);
});

test("what must never happen is counted, and requests are those for a record that was served", () => {
  const bad = {
    stuck: true,
    healthyDeadLettered: 2,
    duplicateFetches: 3,
    boundViolations: 4,
    recordsFetched: 0,
  };
  const results = [result("a", "one", 1, 0, bad), result("b", "one", 1)];
  expect(
    ["stuck", "healthy dead", "duplicates", "beyond X"].map((name) => columnOf(results, name)[0]),
  ).toEqual([1, 2, 3, 4]);
  expect(columnOf(results, "> 3 %")).toEqual([50]);
  expect(columnOf(results, "requests p90")[0]).toBeCloseTo(2 + 0.9 * 198);
});

test("the worst are the ten with the least goodput of the first law, each with its seed", () => {
  const results = Array.from({ length: 12 }, (_, at) => result(`random-${at + 1}`, "one", 1 - at / 20));
  const { rows } = worstTable([...results, result("random-1", "two", 0)]);
  expect(rows).toHaveLength(10);
  expect(rows[0]?.at(-1)).toBe("npm run lab -- --random 1 --from 12");
  expect(rows.map(([, goodput]) => goodput)).toEqual(
    results
      .slice(2)
      .map(({ goodput }) => goodput)
      .reverse(),
  );
});
