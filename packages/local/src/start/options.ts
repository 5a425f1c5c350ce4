import { wholeNumber } from "@sluice/sim/command";
import { Command, InvalidArgumentError, Option, type OptionValues } from "commander";
import { INPUT_FORMATS, type InputFormat } from "../input/record-file.ts";

/** The command line of `npm start`. */
export interface StartOptions {
  /** Path of a file of records, or `-` for standard input; by default a shipped example. */
  readonly input?: string;
  /** Left out: it follows from the input's extension and content. */
  readonly inputFormat?: InputFormat;
  /** Number of ids to make up, instead of a file. */
  readonly records?: number;
  /** Id of a provider of the catalog, or the path of a data file. */
  readonly provider: string;
  /** `calm`, `storm`, or the path of a scenario file. */
  readonly weather: string;
  /** Time between two steps up of the limit, instead of the provider's own. */
  readonly paceSeconds?: number;
  /** Path of the page to write the charts to; a storm has one by default. */
  readonly html?: string;
  /** X, instead of the provider's own. */
  readonly maxConcurrency?: number;
  readonly valveDelaySeconds: number;
  /** Mean time between two kills of an execution environment at random; left out: none is killed. */
  readonly killEverySeconds?: number;
  /** Time from the start after which no more are killed; left out: they are killed to the end of the run. */
  readonly killForSeconds?: number;
  /** Time from now after which the provider closes for a minute, instead of its own windows; 0: it is closed already. */
  readonly closesAfterSeconds?: number;
  /** Time from the start of the run after which an operator holds the provider. */
  readonly holdAfterSeconds?: number;
  readonly holdForSeconds: number;
  readonly seed: number;
  readonly json: boolean;
  readonly keep: boolean;
  /** A page is served on this machine, on which the run can be looked at and steered. */
  readonly console: boolean;
}

/**
 * Parses the command line. A wrong option is named first, and how to get help; `--help` prints the help.
 * @throws CommanderError with exit code 2 for a wrong option, and 0 for `--help`
 */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const command = new Command("npm start --")
    .description(
      "Runs Sluice on this machine: enqueues records, fetches each of them once from a simulated provider,\nand proves that none was lost, none fetched twice, and the provider never exceeded.",
    )
    .addOption(
      new Option(
        "--input <file>",
        "records to fetch: CSV with an id column, JSON, or one id per line; - reads standard input",
      ).conflicts("records"),
    )
    .addOption(
      new Option("--input-format <format>", "format of the input (default: by its extension and content)")
        .choices(INPUT_FORMATS)
        .conflicts("records"),
    )
    .addOption(
      new Option("--records <n>", "make up so many ids instead").argParser(wholeNumber(1, 10_000_000)),
    )
    .option("--provider <id|file>", "provider from the catalog, or its data file", "demo")
    .option(
      "--weather <calm|storm|file>",
      "how the provider behaves: calm, storm, or a scenario file",
      "calm",
    )
    .addOption(
      new Option(
        "--pace <seconds>",
        "the breaker's time between two steps up (default: 2 in a storm, else the provider's own)",
      ).argParser(secondsFrom(1, 600)),
    )
    .addOption(
      new Option("--max-concurrency <n>", "requests that the provider allows at once").argParser(
        wholeNumber(1, 1_000),
      ),
    )
    .addOption(
      new Option("--valve-delay <seconds>", "how long a change of an event source mapping takes")
        .argParser(secondsFrom(0, 3_600))
        .default(1),
    )
    .addOption(killEveryOption())
    .addOption(killForOption())
    .addOption(closesAfterOption())
    .addOption(holdAfterOption())
    .addOption(holdForOption())
    .addOption(
      new Option("--seed <n>", "seed of the provider's behaviour")
        .argParser(wholeNumber(0, 2 ** 31))
        .default(1),
    )
    .option("--html <file>", `write charts as a page (default in a storm: ${STORM_PAGE})`)
    .option("--json", "print one JSON object at the end, and all else on stderr", false)
    .option("--keep", "stay up afterwards and print the endpoints", false)
    .option("--no-console", "serve no page to look at the run with")
    .showHelpAfterError("(npm start -- --help lists the options)")
    .allowExcessArguments(false)
    .exitOverride((error) => {
      // Commander's own code for a wrong option is 1, which here means a broken rule.
      error.exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    });
  const parsed = command.parse(args, { from: "user" }).opts();
  if (parsed.killFor !== undefined && parsed.killEvery === undefined) {
    command.error("error: option '--kill-for <seconds>' needs option '--kill-every <seconds>'");
  }
  return optionsOf(parsed);
}

const STORM_PAGE = "storm-report.html";

function optionsOf(parsed: OptionValues): StartOptions {
  const { valveDelay, killEvery, killFor, pace, closesAfter, holdAfter, holdFor, ...options } = parsed;
  return {
    ...(options.weather === "storm" && { html: STORM_PAGE }),
    ...options,
    valveDelaySeconds: valveDelay,
    holdForSeconds: holdFor,
    ...(closesAfter !== undefined && { closesAfterSeconds: closesAfter }),
    ...(holdAfter !== undefined && { holdAfterSeconds: holdAfter }),
    ...(pace && { paceSeconds: pace }),
    ...(killEvery && { killEverySeconds: killEvery }),
    ...(killFor && { killForSeconds: killFor }),
  } as StartOptions;
}

function killEveryOption(): Option {
  return new Option(
    "--kill-every <seconds>",
    "kill an execution environment at random, so often on average",
  ).argParser(secondsAbove0(3_600));
}

function killForOption(): Option {
  return new Option("--kill-for <seconds>", "stop killing after this time (default: at the end)").argParser(
    secondsAbove0(3_600),
  );
}

function closesAfterOption(): Option {
  return new Option(
    "--closes-after <seconds>",
    "close the provider after this time, at the next whole minute and for a minute, instead of its own windows; 0: at once, for the rest of this minute",
  ).argParser(secondsFrom(0, 3_600));
}

function holdAfterOption(): Option {
  return new Option("--hold-after <seconds>", "hold the provider after this time, as an operator").argParser(
    secondsFrom(0, 3_600),
  );
}

function holdForOption(): Option {
  return new Option("--hold-for <seconds>", "how long such a hold lasts")
    .argParser(secondsFrom(10, 3_600))
    .default(20);
}

function secondsAbove0(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && value > 0 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a number of seconds above 0, at most ${max}.`);
  };
}

function secondsFrom(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a number of seconds from ${min} to ${max}.`);
  };
}
