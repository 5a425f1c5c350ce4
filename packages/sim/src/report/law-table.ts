import type { ReportTable } from "./report-table.ts";

/** How a law did in one scenario. */
export interface LawFigures {
  readonly law: string;
  readonly scenario: string;
  /** Records done ÷ the ideal's. */
  readonly goodput: number;
  /** Starts beyond what the provider could bear, per 1,000 records of the ideal. */
  readonly harm: number;
}

/** Compares laws over all their scenarios, the best mean goodput first. */
export function lawTable(figures: readonly LawFigures[]): ReportTable {
  const byLaw = Map.groupBy(figures, ({ law }) => law);
  const laws = [...byLaw].map(([law, results]) => ({
    law,
    results,
    meanGoodput: mean(results.map(({ goodput }) => goodput)),
  }));
  return {
    caption: "Laws over all scenarios",
    columns: [
      { name: "Law" },
      { name: "Runs", fractionDigits: 0 },
      { name: "Mean goodput", fractionDigits: 3, best: "highest" },
      { name: "Worst goodput", fractionDigits: 3, best: "highest" },
      { name: "in" },
      { name: "Mean harm", fractionDigits: 1, best: "lowest" },
      { name: "Worst harm", fractionDigits: 1, best: "lowest" },
      { name: "in" },
    ],
    rows: laws
      .toSorted((one, other) => other.meanGoodput - one.meanGoodput)
      .map(({ law, results, meanGoodput }) => {
        const slowest = results.reduce((worst, one) => (one.goodput < worst.goodput ? one : worst));
        const roughest = results.reduce((worst, one) => (one.harm > worst.harm ? one : worst));
        const meanHarm = mean(results.map(({ harm }) => harm));
        return [
          law,
          results.length,
          meanGoodput,
          slowest.goodput,
          slowest.scenario,
          meanHarm,
          roughest.harm,
          roughest.scenario,
        ];
      }),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
