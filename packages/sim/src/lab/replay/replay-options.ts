import { type Command, Option } from "commander";

const REPLAY_FLAGS = "--replay <file>";

/** Adds the options that replay a day from its events to a command. */
export function addReplayOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        REPLAY_FLAGS,
        "rebuild the weather of a real day from a breaker's events, as aws dynamodb query prints them, or as JSON; - reads them from a pipe",
      ).conflicts(["random", "scenario", "quick", "from"]),
    )
    .option(
      "--provider <file>",
      "with --replay: the provider's data file, or its id in the catalog; default: the catalog's, by the events",
    )
    .option("--save <file>", "with --replay: write the rebuilt scenario to a file, for --scenario");
}

/** Ends the command with an error if it was given an option of a replay, and nothing to replay. */
export function refuseReplayOptionsAlone(command: Command): void {
  if (command.getOptionValue("replay") !== undefined) return;
  for (const name of ["provider", "save"]) {
    if (command.getOptionValue(name) === undefined) continue;
    command.error(`error: option '--${name} <file>' can only be used with option '${REPLAY_FLAGS}'`);
  }
}
