import { type Command, Option } from "commander";

/** The options that every verb has. */
export interface PlaceOptions {
  readonly provider?: string;
  readonly environment?: string;
  readonly json?: boolean;
}

/** Gives a verb the options that every verb has. */
export function withPlace(command: Command): Command {
  return command
    .addOption(
      new Option("--provider <id>", "provider; the one that runs on this machine, if one does").env(
        "SLUICE_PROVIDER",
      ),
    )
    .addOption(
      new Option(
        "--environment <name>",
        "environment that it is deployed to; by default what runs on this machine, else production",
      ).env("SLUICE_ENVIRONMENT"),
    )
    .option("--json", "print JSON for programs");
}
