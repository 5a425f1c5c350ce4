import { Command } from "commander";
import { runCommand } from "../command/run-command.ts";
import { textTable } from "../lab/tables.ts";
import { holdFigures, holdTable } from "./hold-figures.ts";
import { LANE_QUOTAS, laneFigures, laneTable } from "./lane-figures.ts";
import { type NearXFigures, nearXFigures, nearXTable } from "./near-x-figures.ts";
import { pinFigures, pinTable } from "./pin-figures.ts";
import { quotaFigures, quotaTable } from "./quota-figures.ts";
import { SLOW_CASES, slowFigures, slowTable } from "./slow-figures.ts";
import { windowFigures, windowTable } from "./window-figures.ts";

async function main(args: readonly string[]): Promise<number> {
  parseArguments(args);
  const print = (text: string) => process.stdout.write(`${text}\n`);
  print(textTable(quotaTable(await quotaFigures(6_000))));
  const nearX: NearXFigures[] = [];
  for (const requests of [600, 1_200, 2_400, 3_000, 3_600]) nearX.push(await nearXFigures(requests, 2));
  print(textTable(nearXTable(nearX)));
  print(textTable(laneTable(await eachOf(LANE_QUOTAS, (quotas) => laneFigures(quotas, 8)))));
  print(textTable(slowTable(await eachOf(SLOW_CASES, (slow) => slowFigures(slow, 60)))));
  print(textTable(windowTable(await windowFigures(8))));
  print(textTable(holdTable(await holdFigures(30_000, 4))));
  print(
    textTable(
      pinTable([
        ["ended by itself", await pinFigures(false)],
        ["resumed", await pinFigures(true)],
      ]),
    ),
  );
  return 0;
}

/** The figures of each case, one after the other. */
async function eachOf<Case, Figures>(
  cases: readonly (readonly [name: string, of: Case])[],
  figuresOf: (of: Case) => Promise<Figures>,
): Promise<[name: string, figures: Figures][]> {
  const rows: [string, Figures][] = [];
  for (const [name, of] of cases) rows.push([name, await figuresOf(of)]);
  return rows;
}

/** There are none: `--help` tells so, and anything else is refused. */
function parseArguments(args: readonly string[]): void {
  new Command("npm run bench:steering --")
    .description(
      "Measures quotas, windows, holds and pins by the production code on virtual time.\nTakes a minute, and tells the same numbers each time.",
    )
    .showHelpAfterError("(see --help)")
    .allowExcessArguments(false)
    .exitOverride((error) => {
      error.exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    })
    .parse(args, { from: "user" });
}

await runCommand(main);
