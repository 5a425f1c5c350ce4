import { Command, InvalidArgumentError, Option } from "commander";

/** The command line of `npm run feed`. */
export interface FeedOptions {
  /** Records per second. */
  readonly rate: number;
  readonly provider: string;
  /** Part of the queues' names. */
  readonly environment: string;
  /** Left out: feeding goes on until it is stopped. */
  readonly durationSeconds?: number;
}

/** Advice for a user whose command finds no queue to feed; a local run prints the whole command. */
export const WHERE_TO_FEED: string = [
  "To feed a local run, start it with `npm start -- --keep` and use the command that it prints when it is done.",
  "To feed a provider on AWS, set AWS_REGION and credentials, and name the environment that it is deployed to.",
].join("\n");

const RATE_MAX = 10_000;
const DURATION_MAX_SECONDS = 7 * 86_400;

/**
 * Parses the command line. A wrong option is named first, and how to get help; `--help` prints the help.
 * @throws CommanderError with exit code 2 for a wrong option, and 0 for `--help`
 */
export function parseFeedOptions(args: readonly string[]): FeedOptions {
  const command = new Command("npm run feed --")
    .description(
      "Keeps enqueuing made-up records of a provider at a steady rate, through the scheduler SDK,\nuntil it is stopped with Ctrl-C.",
    )
    .addOption(
      new Option("--rate <n>", "records per second")
        .argParser(positiveNumber(RATE_MAX))
        .makeOptionMandatory(),
    )
    .option("--provider <id>", "provider from the catalog", "demo")
    .requiredOption("--environment <name>", "environment that the provider is deployed to")
    .addOption(
      new Option("--duration <seconds>", "stop by itself after so long").argParser(
        positiveNumber(DURATION_MAX_SECONDS),
      ),
    )
    .addHelpText("after", `\n${WHERE_TO_FEED}`)
    .showHelpAfterError(`(npm run feed -- --help lists the options)\n${WHERE_TO_FEED}`)
    .allowExcessArguments(false)
    .exitOverride((error) => {
      // Commander's own code for a wrong option is 1, which here means that the queue failed.
      error.exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    });
  const { duration, ...options } = command.parse(args, { from: "user" }).opts();
  return { ...options, ...(duration && { durationSeconds: duration }) } as FeedOptions;
}

function positiveNumber(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && value > 0 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a number above 0, at most ${max}.`);
  };
}
