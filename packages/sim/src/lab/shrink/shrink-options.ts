import { type Command, InvalidArgumentError, Option } from "commander";
import { wholeNumber } from "../../command/whole-number.ts";

const GOODPUT_MAX = 1;
const DEFAULT_BELOW = 0.75;
const DEFAULT_TRIES = 200;
const SHRINK_FLAGS = "--shrink <seed>";

/**
 * Adds the options that shrink a drawn scenario to a command.
 * @param seedMax the highest seed of a drawn scenario
 */
export function addShrinkOptions(command: Command, seedMax: number): Command {
  return command
    .addOption(
      new Option(
        SHRINK_FLAGS,
        "draw the scenario of this seed, and look for the smallest one in which a law, by default ours, is still as bad",
      )
        .argParser(wholeNumber(1, seedMax))
        .conflicts([
          "random",
          "scenario",
          "replay",
          "quick",
          "from",
          "seeds",
          "baselineSeeds",
          "jobs",
          "html",
        ]),
    )
    .addOption(
      new Option("--below <goodput>", "with --shrink: bad is a goodput below this; or a law that is stuck")
        .argParser(goodput)
        .default(DEFAULT_BELOW),
    )
    .addOption(
      new Option("--tries <n>", "with --shrink: most smaller scenarios that are tried")
        .argParser(wholeNumber(1, 100_000))
        .default(DEFAULT_TRIES),
    );
}

/** Ends the command with an error if it was given an option of shrinking, and nothing to shrink. */
export function refuseShrinkOptionsAlone(command: Command): void {
  if (command.getOptionValue("shrink") !== undefined) return;
  for (const { name, flags } of [
    { name: "below", flags: "--below <goodput>" },
    { name: "tries", flags: "--tries <n>" },
  ]) {
    if (command.getOptionValueSource(name) !== "cli") continue;
    command.error(`error: option '${flags}' can only be used with option '${SHRINK_FLAGS}'`);
  }
}

function goodput(text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && value > 0 && value <= GOODPUT_MAX) return value;
  throw new InvalidArgumentError(`It must be a number above 0, at most ${GOODPUT_MAX}.`);
}
