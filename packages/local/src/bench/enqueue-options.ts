import { wholeNumber } from "@sluice/sim/command";
import { Argument, Command } from "commander";

const DEFAULT_RECORDS = 500_000;
/** The emulators hold all of them in memory. */
const RECORDS_MAX = 5_000_000;

/**
 * Parses the command line of `npm run bench:enqueue`. A wrong argument prints the usage first, `--help` the help.
 * @returns the number of records to enqueue
 * @throws CommanderError with exit code 2 for a wrong argument, and 0 for `--help`
 */
export function parseEnqueueBenchOptions(args: readonly string[]): number {
  const command = new Command("npm run bench:enqueue --")
    .description(
      "Measures how fast the scheduler enqueues a file, and how much memory it takes, beside a bare\nloop of SendMessageBatch; and what it takes to read the run's progress.",
    )
    .addArgument(
      new Argument("[records]", "records in the file")
        .argParser(wholeNumber(1, RECORDS_MAX))
        .default(DEFAULT_RECORDS),
    )
    .showHelpAfterError()
    .allowExcessArguments(false)
    .exitOverride((error) => {
      error.exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    })
    .parse(args, { from: "user" });
  return command.processedArgs[0];
}
