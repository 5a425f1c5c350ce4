import { wholeNumber } from "@sluice/sim/command";
import { Command, Option } from "commander";

/** The command line of `npm run bench:start`. */
export interface StartBenchOptions {
  /** Cold starts of each handler. */
  readonly runs: number;
  readonly json: boolean;
}

const DEFAULT_RUNS = 15;
const RUNS_MAX = 1_000;

/**
 * Parses the command line. A wrong option prints the usage first, `--help` the help.
 * @throws CommanderError with exit code 2 for a wrong option, and 0 for `--help`
 */
export function parseStartBenchOptions(args: readonly string[]): StartBenchOptions {
  return new Command("npm run bench:start --")
    .description(
      "Measures the bundles of all handlers, and how fast ventilator, waker and worker\nstart beside a handler that has the same AWS clients and nothing else.",
    )
    .addOption(
      new Option("--runs <n>", "cold starts of each handler")
        .argParser(wholeNumber(1, RUNS_MAX))
        .default(DEFAULT_RUNS),
    )
    .option("--json", "print the figures as JSON", false)
    .showHelpAfterError()
    .allowExcessArguments(false)
    .exitOverride((error) => {
      error.exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    })
    .parse(args, { from: "user" })
    .opts<StartBenchOptions>();
}
