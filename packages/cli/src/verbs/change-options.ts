import type { Command } from "commander";
import { type PlaceOptions, withPlace } from "./place-options.ts";

/** The options of every verb that changes something. */
export interface ChangeOptions extends PlaceOptions {
  readonly reason?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Gives a verb the options of those that change something. */
export function withChange(command: Command): Command {
  return withPlace(command)
    .option("--reason <text>", "reason, which others will read")
    .option("--dry-run", "show what would change, and change nothing")
    .option("--yes", "don't ask");
}
