import { expect, test } from "vitest";
import { startReport, startResults } from "./start-report.ts";

const times = (...starts: readonly [importMs: number, answerMs: number][]) =>
  starts.map(([importMs, answerMs]) => ({ importMs, answerMs }));

const results = startResults(
  [
    { name: "ventilator", bytes: 900_000 },
    { name: "workers/demo", bytes: 7 },
  ],
  [
    { name: "baseline", times: times([50, 0], [51, 0], [900, 0]) },
    { name: "baseline, reading", times: times([50, 40], [40, 60], [60, 50]) },
    { name: "ventilator", times: times([100, 50], [10, 90], [200, 53]) },
  ],
);

test("a start is import and first answer together, and its median stands beside each baseline's", () => {
  expect(results.starts).toEqual([
    {
      name: "baseline",
      runs: 3,
      importMs: 51,
      answerMs: 0,
      startMs: 51,
      ratios: { baseline: 1, "baseline, reading": 0.51 },
    },
    {
      name: "baseline, reading",
      runs: 3,
      importMs: 50,
      answerMs: 50,
      startMs: 100,
      ratios: { baseline: 1.96, "baseline, reading": 1 },
    },
    {
      name: "ventilator",
      runs: 3,
      importMs: 100,
      answerMs: 53,
      startMs: 150,
      ratios: { baseline: 2.94, "baseline, reading": 1.5 },
    },
  ]);
});

test("prints two tables", () => {
  expect(startReport(results)).toBe(
    [
      "bundle, minified   bytes",
      "ventilator        900000",
      "workers/demo           7",
      "",
      "Cold starts in milliseconds, medians of 3; ÷ is the start beside a baseline's.",
      "handler            import  answer  start  ÷ baseline  ÷ baseline, reading",
      "baseline             51.0     0.0   51.0        1.00                 0.51",
      "baseline, reading    50.0    50.0  100.0        1.96                 1.00",
      "ventilator          100.0    53.0  150.0        2.94                 1.50",
      "",
    ].join("\n"),
  );
});
