import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import { wholeNumber } from "../command/whole-number.ts";
import { addReplayOptions, refuseReplayOptionsAlone } from "./replay/replay-options.ts";
import { addShrinkOptions, refuseShrinkOptionsAlone } from "./shrink/shrink-options.ts";

/** The options of the command line. */
export interface LabOptions {
  /** Scenario files, or folders of them; those that come with the lab if there is none. */
  readonly scenario: readonly string[];
  /** Names of laws; all of them if there is none. */
  readonly law: readonly string[];
  /** The Sluice law runs with seeds 1 to this number. */
  readonly seeds: number;
  /** Each other law runs with seeds 1 to this number. */
  readonly baselineSeeds: number;
  readonly quick: boolean;
  /** Scenarios to draw, each from its seed, and run once, instead of those of files. */
  readonly random?: number;
  /** The first of those seeds. */
  readonly from: number;
  /** The seed of a scenario to draw and to make as small as can be. */
  readonly shrink?: number;
  /** A smaller scenario counts if the law's goodput is below this. */
  readonly below: number;
  /** Most smaller scenarios that are tried. */
  readonly tries: number;
  /** The file of a breaker's events whose weather is rebuilt; `-` for what is piped in. */
  readonly replay?: string;
  /** The data file, or the id in the catalog, of the provider that they are of. */
  readonly provider?: string;
  /** The file to which the rebuilt scenario is written. */
  readonly save?: string;
  /** The file of AWS's mappings as they were measured, which the lab's follow. */
  readonly mapping?: string;
  readonly jobs: number;
  readonly json: boolean;
  /** The file of the page of charts; without it there is none. */
  readonly html?: string;
}

const SEED_MAX = 1_000_000_000;
const DEFAULT_SEEDS = 5;
const DEFAULT_PAGE = "lab-report.html";

/**
 * Parses the command line. A wrong option prints the usage and throws commander's `CommanderError`, exit code 2;
 * `--help` throws one with exit code 0.
 */
export function parseLabOptions(args: readonly string[]): LabOptions {
  const command = addReplayOptions(addShrinkOptions(labCommand(), SEED_MAX)).parse(args, { from: "user" });
  refuseShrinkOptionsAlone(command);
  refuseReplayOptionsAlone(command);
  const { quick = false, ...options } = command.opts();
  const isOnce = quick || options.random !== undefined;
  return { ...options, quick, ...(isOnce && { seeds: 1, baselineSeeds: 1 }) } as LabOptions;
}

function labCommand(): Command {
  return new Command("npm run lab --")
    .description(
      "Compares control laws on virtual time: each law steers the production use-cases through each scenario,\nand is measured against an ideal that always has exactly as many requests in flight as the provider bears.",
    )
    .option("--scenario <file...>", "scenario files or folders; default: all that come with the lab", [])
    .option("--law <name...>", "laws to compare; default: all", [])
    .addOption(
      new Option("--seeds <n>", "run our law with seeds 1 to n")
        .argParser(wholeNumber(1, 1_000))
        .default(DEFAULT_SEEDS),
    )
    .addOption(
      new Option("--baseline-seeds <n>", "run the other laws with seeds 1 to n")
        .argParser(wholeNumber(1, 1_000))
        .default(1),
    )
    .addOption(
      new Option("--quick", "a small fixed set of scenarios and one seed, in about a minute").conflicts([
        "scenario",
        "seeds",
      ]),
    )
    .addOption(
      new Option("--random <n>", "draw n scenarios out of all that there can be, and tell quantiles")
        .argParser(wholeNumber(1, 100_000))
        .conflicts(["scenario", "seeds", "baselineSeeds", "quick", "html"]),
    )
    .addOption(
      new Option("--from <seed>", "first seed of drawn scenarios")
        .argParser(wholeNumber(1, SEED_MAX))
        .default(1),
    )
    .addOption(
      new Option(
        "--mapping <file>",
        "let event source mappings be as npm run verify:aws has measured and written them",
      ).conflicts("shrink"),
    )
    .addOption(
      new Option("--jobs <n>", "threads")
        .argParser(wholeNumber(1, 256))
        .default(availableParallelism(), "all cores"),
    )
    .option(
      "--json",
      "print an array of results, one for each scenario, law and seed; with --shrink the scenario",
      false,
    )
    .addOption(new Option("--html [file]", "write a page of charts, of the first seed").preset(DEFAULT_PAGE))
    .showHelpAfterError()
    .allowExcessArguments(false)
    .exitOverride((error) => {
      error.exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    });
}
