import type { Scenario } from "../../provider-simulator/scenario.ts";
import type { ReportTable } from "../../report/report-table.ts";
import { scenarioTable, textTable } from "../tables.ts";
import type { Found } from "./find-smallest.ts";
import { scenarioParts } from "./scenario-parts.ts";

/** The smallest scenario as text: what it could do without, the figures before and after, and how to run it. */
export function shrinkReport(found: Found): string {
  const { drawn, smallest } = found;
  const { name } = smallest.scenario;
  const { law, seed } = smallest.result;
  return [
    titleOf(found),
    "",
    textTable(changesTable(drawn.scenario, smallest.scenario)),
    textTable(scenarioTable(drawn.scenario.name, [drawn.result])),
    textTable(scenarioTable(name, [smallest.result])),
    scenarioJson(smallest.scenario),
    "",
    `From a file it runs with: npm run lab -- --scenario ${name}.json --law ${law} --seeds ${seed}`,
    "",
  ].join("\n");
}

/** A scenario as the text of its file, a list of numbers on one line each. */
export function scenarioJson(scenario: Scenario): string {
  return JSON.stringify(scenario, null, 2)
    .replaceAll(/\[\s+([-\d.e]+),\s+([-\d.e]+)\s+\]/g, "[$1, $2]")
    .replaceAll(/\[\s+(\[[^[\]]+\])\s+\]/g, "[$1]");
}

function titleOf({ drawn, smallest, tries, isFixedPoint }: Found): string {
  const { scenario, result } = drawn;
  const state = smallest.result.stuck ? "still stuck" : "still as bad";
  const end = isFixedPoint ? "nothing more can be taken away" : "cut short, more may be taken away";
  const goodputs = `goodput ${goodputText(result.goodput)} → ${goodputText(smallest.result.goodput)}`;
  return `${scenario.name} of ${result.law}, ${state}: ${goodputs} after ${tries} tries; ${end}`;
}

function goodputText(goodput: number | undefined): string {
  return goodput === undefined ? "none" : goodput.toFixed(3);
}

function changesTable(drawn: Scenario, smallest: Scenario): ReportTable {
  const after = scenarioParts(smallest);
  const rows = scenarioParts(drawn).map(({ name, text }, at) => [name, text, after[at]?.text]);
  return {
    caption: "What could be taken away",
    columns: [{ name: "part" }, { name: "drawn" }, { name: "smallest" }],
    rows: rows.filter(([, before, left]) => before !== left),
  };
}
