import { wholeNumber } from "@sluice/sim/command";
import { Command, InvalidArgumentError, Option } from "commander";
import { MEASUREMENTS } from "./schedule/stages.ts";
import { AWS_TIMING } from "./timing.ts";

/** The options of the command line. */
export interface VerifyOptions {
  readonly environment: string;
  /** Ids of measurements; left out: all of them. */
  readonly only?: readonly string[];
  /** Times that each update of a mapping is measured. */
  readonly rounds: number;
  /** One measurement at a time, and one round. */
  readonly long: boolean;
  /** The file to which the findings are written. */
  readonly output?: string;
  readonly json: boolean;
  readonly yes: boolean;
  /** Measures nothing, and removes what earlier runs have left. */
  readonly clean: boolean;
}

const ROUNDS_MAX = 20;

/**
 * Parses the command line. A wrong option prints the usage and throws commander's `CommanderError`, exit code 2;
 * `--help` throws one with exit code 0.
 */
export function parseVerifyOptions(args: readonly string[]): VerifyOptions {
  return verifyCommand().parse(args, { from: "user" }).opts();
}

function verifyCommand(): Command {
  return new Command("npm run verify:aws --")
    .description(
      "Measures in a real account what Sluice takes for granted about AWS. It deploys nothing of Sluice: it makes queues, functions, roles and a table of its own, all named sluice-verify-…, and removes them when it ends.",
    )
    .requiredOption(
      "--environment <name>",
      "the environment whose file says which account and region, such as trial",
    )
    .option(
      "--only <id...>",
      `measure these alone: ${MEASUREMENTS.map(({ id }) => id).join(", ")}`,
      onlyKnown,
    )
    .addOption(
      new Option("--rounds <n>", "measure each update of a mapping n times")
        .argParser(wholeNumber(1, ROUNDS_MAX))
        .default(AWS_TIMING.rounds),
    )
    .option("--long", "measure one thing at a time, nothing beside anything, to compare with", false)
    .option("--output <file>", "write all findings to a file, which npm run lab -- --mapping takes")
    .option("--json", "print the findings as JSON instead of a table", false)
    .option("--yes", "don't ask before anything is made or removed", false)
    .addOption(
      new Option("--clean", "measure nothing, and remove what earlier runs have left")
        .conflicts(["only", "output", "rounds", "long"])
        .default(false),
    )
    .addHelpText("after", `\n${HELP}`)
    .showHelpAfterError()
    .allowExcessArguments(false)
    .exitOverride((error) => {
      error.exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    });
}

const HELP = [
  "Exit codes: 0 measured, whatever was found; 1 something was not measured or not removed; 2 refused; 130 interrupted.",
  "Ctrl-C ends it in order, and removes what was made; again ends it at once. docs/aws-assumptions.md says the rest.",
].join("\n");

function onlyKnown(id: string, before: readonly string[] | undefined): readonly string[] {
  const known = MEASUREMENTS.map((measurement) => measurement.id);
  if (known.includes(id)) return [...(before ?? []), id];
  throw new InvalidArgumentError(`It must be one of ${known.join(", ")}.`);
}
