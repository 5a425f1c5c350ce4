import type { ReportTable } from "../report/report-table.ts";
import { quantileOf } from "./quantile.ts";
import type { LabResult } from "./run-case.ts";

/** Lead in goodput by which a law that does no more harm beats another in a scenario: less is chance. */
const LEAD_MIN = 0.03;
/** Lambda requests a record that are too many: two are needed. */
const REQUESTS_MAX = 3;
const WORST_COUNT = 10;

/** The laws over drawn scenarios: quantiles of their figures, and counts of what must never happen. */
export function lawQuantilesTable(results: readonly LabResult[]): ReportTable {
  const at = (name: string, fractionDigits: number, best: "highest" | "lowest") => ({
    name,
    fractionDigits,
    best,
  });
  return {
    caption: "Laws over all drawn scenarios",
    columns: [
      { name: "law" },
      { name: "scenarios", fractionDigits: 0 },
      ...["goodput p5", "p10", "p25", "p50", "mean"].map((name) => at(name, 3, "highest")),
      ...["harm p50", "p75", "p90", "p95"].map((name) => at(name, 0, "lowest")),
      at("requests p90", 1, "lowest"),
      at("> 3 %", 1, "lowest"),
      at("valve/h p95", 1, "lowest"),
      at("beaten %", 1, "lowest"),
      at("stuck", 0, "lowest"),
      { name: "healthy dead", fractionDigits: 0 },
      { name: "duplicates", fractionDigits: 0 },
      { name: "beyond X", fractionDigits: 0 },
    ],
    rows: [...Map.groupBy(results, ({ law }) => law)].map(([law, own]) => {
      const goodputs = own.flatMap(({ goodput }) => goodput ?? []);
      const harms = own.map(({ harm }) => harm);
      const requests = own.map(requestsPerRecord);
      return [
        law,
        own.length,
        ...[0.05, 0.1, 0.25, 0.5].map((share) => quantileOf(goodputs, share)),
        sum(goodputs) / goodputs.length,
        ...[0.5, 0.75, 0.9, 0.95].map((share) => quantileOf(harms, share)),
        quantileOf(requests, 0.9),
        percent(requests.filter((count) => count > REQUESTS_MAX).length, own.length),
        quantileOf(
          own.map(({ valveUpdatesPerHour }) => valveUpdatesPerHour),
          0.95,
        ),
        percent(own.filter((one) => isBeaten(one, results)).length, own.length),
        own.filter(({ stuck }) => stuck).length,
        sum(own.map(({ healthyDeadLettered }) => healthyDeadLettered)),
        sum(own.map(({ duplicateFetches }) => duplicateFetches)),
        sum(own.map(({ boundViolations }) => boundViolations)),
      ];
    }),
  };
}

/** The scenarios in which the first law had the least goodput, each with the command that runs it again. */
export function worstTable(results: readonly LabResult[]): ReportTable {
  const law = results[0]?.law ?? "";
  const own = results.filter((result) => result.law === law && result.goodput !== undefined);
  const worst = own.toSorted((one, other) => (one.goodput ?? 0) - (other.goodput ?? 0)).slice(0, WORST_COUNT);
  return {
    caption: `The ${worst.length} worst of ${law}`,
    columns: [
      { name: "scenario" },
      { name: "goodput", fractionDigits: 3 },
      { name: "harm", fractionDigits: 0 },
      { name: "trips", fractionDigits: 0 },
      { name: "requests", fractionDigits: 1 },
      { name: "stuck" },
      { name: "again" },
    ],
    rows: worst.map((result) => [
      result.scenario,
      result.goodput,
      result.harm,
      result.trips,
      requestsPerRecord(result),
      result.stuck ? "stuck" : "",
      `npm run lab -- --random 1 --from ${result.scenario.replace(/^\D*/, "")}`,
    ]),
  };
}

function requestsPerRecord({ billable, recordsFetched }: LabResult): number {
  return billable.lambdaRequests / Math.max(1, recordsFetched);
}

function isBeaten({ law, scenario, goodput = 1, harm }: LabResult, results: readonly LabResult[]): boolean {
  return results.some(
    (other) =>
      other.law !== law &&
      other.scenario === scenario &&
      (other.goodput ?? 1) > goodput + LEAD_MIN &&
      other.harm <= harm,
  );
}

function percent(count: number, totalCount: number): number {
  return (100 * count) / totalCount;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
