import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import { wholeNumber } from "../../command/whole-number.ts";
import { RULE_NAMES, type RuleName } from "../rules/rule.ts";
import { FAULT_KINDS } from "../story-schema.ts";

/** The options of the command line. */
export interface SimulateOptions {
  /** Days to simulate. */
  readonly seeds: number;
  /** The first seed. */
  readonly from: number;
  /** The only seed, which overrides both. */
  readonly seed?: number;
  /** The file of a story to run instead of seeds. */
  readonly story?: string;
  /** Rules that are judged; all of them if there is none. */
  readonly only: readonly RuleName[];
  /** Kinds of faults that are left out of the stories, and `weather`. */
  readonly without: readonly string[];
  readonly jobs: number;
  readonly json: boolean;
  /** Prints the whole time line of each day. */
  readonly trace: boolean;
  /** Deliberate faults in the code are simulated, each until a rule breaks: all, none, or those of a name with this text. */
  readonly mutants: boolean | string;
  /** The longest a story is shortened, in tries; 0: not at all. */
  readonly shorten: number;
  /** The file that the shortest story is written to; if several rules broke, their names are added to it. */
  readonly save?: string;
}

const SEEDS = 300;
const SEED_MAX = 1_000_000_000;
const SHORTEN_TRIES = 120;

/**
 * Parses the command line. A wrong option prints the usage and throws commander's `CommanderError`, exit code 2;
 * `--help` throws one with exit code 0.
 */
export function parseSimulateOptions(args: readonly string[]): SimulateOptions {
  return simulateCommand().parse(args, { from: "user" }).opts<SimulateOptions>();
}

function simulateCommand(): Command {
  return new Command("npm run simulate --")
    .description(
      "Simulates days that nobody thought of: the production code on virtual time, under faults of the provider, of\neach AWS service and of people, all from a seed, and judges each day by the rules that Sluice promises to keep.",
    )
    .addOption(
      new Option("--seeds <n>", "days to simulate").argParser(wholeNumber(1, SEED_MAX)).default(SEEDS),
    )
    .addOption(new Option("--from <seed>", "first seed").argParser(wholeNumber(1, SEED_MAX)).default(1))
    .addOption(
      new Option("--seed <seed>", "one day only")
        .argParser(wholeNumber(1, SEED_MAX))
        .conflicts(["seeds", "from", "story"]),
    )
    .addOption(
      new Option("--story <file>", "run a story from a file").conflicts(["seeds", "from", "mutants"]),
    )
    .addOption(
      new Option("--only <rule...>", "judge by these rules only").choices(RULE_NAMES).default([], "all"),
    )
    .addOption(
      new Option("--without <fault...>", "leave out faults of these kinds, or all weather")
        .choices([...FAULT_KINDS, "weather"])
        .default([], "none"),
    )
    .addOption(
      new Option("--jobs <n>", "threads")
        .argParser(wholeNumber(1, 256))
        .default(availableParallelism(), "one per core"),
    )
    .addOption(
      new Option("--shorten <tries>", "tries to shorten the story of the first breach of each rule")
        .argParser(wholeNumber(0, 100_000))
        .default(SHORTEN_TRIES),
    )
    .option(
      "--save <file>",
      "write the shortest story, to be run with --story; of several rules, a file each",
    )
    .option("--trace", "print everything that happens", false)
    .option(
      "--mutants [name]",
      "show the power of the rules: break the code on purpose, one line at a time; only where the name has this text",
      false,
    )
    .option("--json", "print the result as JSON", false)
    .showHelpAfterError("(see --help)")
    .allowExcessArguments(false)
    .exitOverride((error) => {
      error.exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    });
}
