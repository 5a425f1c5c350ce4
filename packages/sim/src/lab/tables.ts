import type { ReportCell, ReportTable } from "../report/report-table.ts";
import type { LabResult } from "./run-case.ts";

/** The figures of one scenario, a row for each law: means over seeds, and what must never happen summed up. */
export function scenarioTable(scenario: string, results: readonly LabResult[]): ReportTable {
  return {
    caption: scenario,
    columns: [
      { name: "law" },
      { name: "goodput", fractionDigits: 3, best: "highest" },
      { name: "harm", fractionDigits: 1, best: "lowest" },
      { name: "over capacity", fractionDigits: 1 },
      { name: "excess", fractionDigits: 1 },
      { name: "in outage", fractionDigits: 1 },
      { name: "trip s", fractionDigits: 0 },
      { name: "restore s", fractionDigits: 0 },
      { name: "trips", fractionDigits: 1 },
      { name: "cuts", fractionDigits: 1 },
      { name: "valve/h", fractionDigits: 1 },
      { name: "refused/h", fractionDigits: 1 },
      { name: "reversals/h", fractionDigits: 1 },
      { name: "max in flight", fractionDigits: 0 },
      { name: "beyond X", fractionDigits: 0 },
      { name: "healthy dead", fractionDigits: 0 },
      { name: "duplicates", fractionDigits: 0 },
      { name: "hot", fractionDigits: 0 },
      { name: "stuck", fractionDigits: 0 },
      { name: "$/M", fractionDigits: 2 },
    ],
    rows: [...Map.groupBy(results, ({ law }) => law)].map(([law, runs]) => [
      law,
      meanOf(runs, "goodput"),
      meanOf(runs, "harm"),
      meanOf(runs, "harmOverCapacity"),
      meanOf(runs, "excessHarm"),
      meanOf(runs, "harmInOutage"),
      meanOf(runs, "tripSeconds"),
      meanOf(runs, "restore90Seconds"),
      meanOf(runs, "trips"),
      meanOf(runs, "cuts"),
      meanOf(runs, "valveUpdatesPerHour"),
      meanOf(runs, "valveRefusalsPerHour"),
      meanOf(runs, "reversalsPerHour"),
      Math.max(...runs.map(({ maxInFlight }) => maxInFlight)),
      sumOf(runs, "boundViolations"),
      sumOf(runs, "healthyDeadLettered"),
      sumOf(runs, "duplicateFetches"),
      sumOf(runs, "hotRefusals"),
      runs.filter(({ stuck }) => stuck).length,
      meanOf(runs, "usdPerMillionRecords"),
    ]),
  };
}

/** Scenarios of this prefix are those in which nothing is wrong. */
const CALM = /^calm-/;

/** The laws over all scenarios. A law's figures in a scenario are the means over its seeds. */
export function summaryTable(results: readonly LabResult[]): ReportTable {
  const byCase = Map.groupBy(results, ({ law, scenario }) => `${law}\n${scenario}`);
  const means = [...byCase.values()].map(scenarioMeansOf);
  const byLaw = Map.groupBy(means, ({ law }) => law);
  return {
    caption: "Laws over all scenarios",
    columns: [
      { name: "law" },
      { name: "scenarios", fractionDigits: 0 },
      { name: "goodput", fractionDigits: 3, best: "highest" },
      { name: "worst", fractionDigits: 3, best: "highest" },
      { name: "in" },
      { name: "harm", fractionDigits: 1, best: "lowest" },
      { name: "worst", fractionDigits: 1, best: "lowest" },
      { name: "in" },
      { name: "valve/h", fractionDigits: 1, best: "lowest" },
      { name: "matched in trouble", fractionDigits: 0, best: "lowest" },
    ],
    rows: [...byLaw].map(([law, own]) => {
      const slowest = own.reduce((worst, one) => (one.goodput < worst.goodput ? one : worst));
      const roughest = own.reduce((worst, one) => (one.harm > worst.harm ? one : worst));
      const trouble = own.filter(({ scenario }) => !CALM.test(scenario));
      return [
        law,
        own.length,
        mean(own.map(({ goodput }) => goodput)),
        slowest.goodput,
        slowest.scenario,
        mean(own.map(({ harm }) => harm)),
        roughest.harm,
        roughest.scenario,
        mean(own.map(({ valveUpdatesPerHour }) => valveUpdatesPerHour)),
        trouble.filter((one) => isMatched(one, results)).length,
      ];
    }),
  };
}

interface ScenarioMeans {
  readonly law: string;
  readonly scenario: string;
  readonly goodput: number;
  readonly harm: number;
  readonly valveUpdatesPerHour: number;
}

function scenarioMeansOf(runs: readonly LabResult[]): ScenarioMeans {
  const [{ law, scenario }] = runs as [LabResult];
  return {
    law,
    scenario,
    // A scenario in which even the ideal serves none can't be done badly.
    goodput: meanOf(runs, "goodput") ?? 1,
    harm: meanOf(runs, "harm") ?? 0,
    valveUpdatesPerHour: meanOf(runs, "valveUpdatesPerHour") ?? 0,
  };
}

/** True if another law is at least as good both in goodput and in harm, over the seeds that both have run. */
function isMatched({ law, scenario }: ScenarioMeans, results: readonly LabResult[]): boolean {
  const byLaw = Map.groupBy(
    results.filter((run) => run.scenario === scenario),
    (run) => run.law,
  );
  const own = byLaw.get(law) ?? [];
  return [...byLaw].some(([name, others]) => {
    if (name === law) return false;
    const seeds = new Set(others.map(({ seed }) => seed));
    const paired = own.filter(({ seed }) => seeds.has(seed));
    const pairedSeeds = new Set(paired.map(({ seed }) => seed));
    const otherMeans = scenarioMeansOf(others.filter(({ seed }) => pairedSeeds.has(seed)));
    const ownMeans = scenarioMeansOf(paired);
    return otherMeans.goodput >= ownMeans.goodput && otherMeans.harm <= ownMeans.harm;
  });
}

type NumberName = {
  [Name in keyof LabResult]-?: LabResult[Name] extends number | null | undefined ? Name : never;
}[keyof LabResult];

function meanOf(runs: readonly LabResult[], name: NumberName): number | undefined {
  const values = runs.map((run) => run[name]).filter((value) => typeof value === "number");
  return values.length === 0 ? undefined : mean(values);
}

function sumOf(runs: readonly LabResult[], name: NumberName): number {
  return runs.reduce((sum, run) => sum + (run[name] ?? 0), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A table as text in columns. */
export function textTable({ caption, columns, rows }: ReportTable): string {
  const lines = [
    columns.map(({ name }) => name),
    ...rows.map((row) => columns.map((column, at) => plainCell(row[at], column.fractionDigits))),
  ];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const isText = columns.map((_, at) => rows.some((row) => typeof row[at] === "string"));
  const text = lines.map((line) =>
    line
      .map((cell, at) => (isText[at] ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  return [caption, ...text, ""].join("\n");
}

function plainCell(cell: ReportCell, fractionDigits = 2): string {
  if (cell === undefined) return "-";
  return typeof cell === "number" ? cell.toFixed(fractionDigits) : cell;
}
